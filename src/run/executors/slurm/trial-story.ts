import { appendFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrialEvent } from '../../../trial/events.js';
import type { TrialState } from '../../../trial/result.js';
import { recordsOf } from '../../ndjson.js';
import type { RunFolder } from '../../run-folder.js';

/** Why a task stopped a trial before its end. */
export type StopReason = 'time-limit' | 'signal' | 'cancelled';

/**
 * One line of `trials/<id>/events.ndjson`: what the task that runs a trial says of it. The process that follows the run
 * tells it to the journal, which has one writer.
 */
export type StoryEvent = { readonly time: string } & (
  | {
      readonly event: 'started';
      readonly array: number;
      /** `<job>_<index>`. */
      readonly job: string;
      readonly host: string;
      readonly pid: number;
    }
  | { readonly event: 'epoch'; readonly epoch: number }
  | { readonly event: 'warning'; readonly message: string }
  | {
      readonly event: 'ended';
      readonly state: TrialState;
      readonly seconds: number;
      readonly peak_memory_bytes: number;
      /** Absent where the trial ended by itself. */
      readonly stopped?: StopReason;
    }
);

export type NewStoryEvent = WithoutTime<StoryEvent>;
type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'time'> : never;

/** `trials/<id>/live.json`: where a trial is, replaced every few seconds. */
export interface TrialLive {
  readonly schema: 1;
  readonly progress: Extract<TrialEvent, { readonly type: 'progress' }> | null;
  readonly phase: Extract<TrialEvent, { readonly type: 'phase' }> | null;
  readonly peak_memory_bytes: number;
}

export function storyPaths(folder: RunFolder, trial: string) {
  const { path } = folder.trial(trial);
  return {
    story: join(path, 'events.ndjson'),
    live: join(path, 'live.json'),
    /** Whoever makes it asks the task to stop this trial. */
    cancel: join(path, 'cancel'),
  };
}

/** Asks the task that has a trial to stop it, or not to begin it. */
export async function askTask(folder: RunFolder, trial: string): Promise<void> {
  await mkdir(folder.trial(trial).path, { recursive: true });
  await writeFile(storyPaths(folder, trial).cancel, '');
}

export function tellStory(folder: RunFolder, trial: string, event: NewStoryEvent): void {
  const line = JSON.stringify({ time: new Date().toISOString(), ...event });
  appendFileSync(storyPaths(folder, trial).story, `${line}\n`);
}

/** May be lost at any time: nothing is synced, and errors are nobody's concern. */
export async function writeTrialLive(folder: RunFolder, trial: string, live: TrialLive): Promise<void> {
  const { live: path } = storyPaths(folder, trial);
  try {
    await writeFile(`${path}.tmp`, JSON.stringify(live));
    await rename(`${path}.tmp`, path);
  } catch {}
}

export async function readTrialLive(folder: RunFolder, trial: string): Promise<TrialLive | null> {
  try {
    return JSON.parse(await readFile(storyPaths(folder, trial).live, 'utf8')) as TrialLive;
  } catch {
    return null;
  }
}

/** The events of whole lines; torn ones are dropped. */
export function storyEvents(lines: readonly string[]): readonly StoryEvent[] {
  return recordsOf<StoryEvent>(lines, (value) => 'event' in value);
}
