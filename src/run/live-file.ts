import { renameSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { RunEvent } from './run-events.js';
import type { RunFolder } from './run-folder.js';

type ProgressEvent = Extract<RunEvent, { readonly event: 'progress' | 'phase' }>;

/** live.json in a run folder: where each running trial is, for those who watch from elsewhere. */
export interface LiveFile {
  readonly schema: 1;
  /** The last progress of every running trial and, where it came later, the last phase. */
  readonly trials: readonly ProgressEvent[];
}

export interface LiveWriter {
  hear(event: RunEvent): void;
  close(): Promise<void>;
}

const WRITE_MS = 1000;

/** Keeps live.json up to date, at most once a second. It may be lost at any time: nothing is synced. */
export function liveWriter(folder: RunFolder): LiveWriter {
  const trials = new Map<string, readonly ProgressEvent[]>();
  let changed = false;
  const write = (): void => {
    const aside = `${folder.liveFile}.tmp`;
    const content: LiveFile = { schema: 1, trials: [...trials.values()].flat() };
    try {
      // In single calls, not by way of threads: it is small, and nobody waits for the disk.
      writeFileSync(aside, JSON.stringify(content));
      renameSync(aside, folder.liveFile);
    } catch {
      // Watching is a courtesy; what must last is in other files, whose errors are told.
    }
  };
  const timer = setInterval(() => {
    if (!changed) return;
    changed = false;
    write();
  }, WRITE_MS);
  timer.unref();
  return {
    hear(event) {
      if (event.event === 'progress') trials.set(event.trial, [event]);
      else if (event.event === 'phase') trials.set(event.trial, [...progressOf(trials.get(event.trial)), event]);
      else if (event.event !== 'finished' || !trials.delete(event.trial)) return;
      changed = true;
    },
    async close() {
      clearInterval(timer);
      await rm(folder.liveFile, { force: true }).catch(() => undefined);
    },
  };
}

function progressOf(events: readonly ProgressEvent[] = []): readonly ProgressEvent[] {
  return events.filter(({ event }) => event === 'progress');
}

/** Where the running trials are; empty when nobody says. */
export async function readLive(folder: RunFolder): Promise<readonly ProgressEvent[]> {
  try {
    const { trials } = JSON.parse(await readFile(folder.liveFile, 'utf8')) as LiveFile;
    return Array.isArray(trials) ? trials : [];
  } catch {
    return [];
  }
}
