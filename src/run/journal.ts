import { appendFileSync, ftruncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { JournalEvent } from './journal-events.js';
import { readLines, recordsOf } from './ndjson.js';

/** What is appended: the journal adds the time. */
export type NewJournalEvent = WithoutTime<JournalEvent>;
type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'time'> : never;

/** An append-only file of events. */
export interface Journal {
  /**
   * The events are in the file when it returns, in the order of the calls: a killed process loses none. Resolves when
   * they are on the disk, too, where one of them must outlast a power cut. Throws what kept earlier ones off it.
   */
  append(...events: readonly NewJournalEvent[]): Promise<void>;
  /** The same for a list that may be too long to be passed as arguments. */
  appendAll(events: readonly NewJournalEvent[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * What a resume could do without, a trial's end because its result is on the disk before: they reach the disk with the
 * next event that it could not, trials' ends within `SOON_MS`. A run of short trials would do little else but sync.
 */
const DISPENSABLE: readonly NewJournalEvent['event'][] = ['started', 'epoch', 'finished'];
const SOON_MS = 1000;

/** Every whole event of a journal in order; torn lines, and those that are no events, are dropped. */
export function readJournal(path: string): Promise<readonly JournalEvent[]> {
  return readLines<JournalEvent>(path, isEvent);
}

/** The events of whole lines of a journal. */
export function eventsOf(lines: readonly string[]): readonly JournalEvent[] {
  return recordsOf<JournalEvent>(lines, isEvent);
}

const OF_A_TRIAL: readonly unknown[] = ['queued', 'started', 'epoch', 'finished'];

/** Whether a line says what happened and, where that is a trial's, to which. */
function isEvent(value: { readonly event?: unknown; readonly trial?: unknown }): boolean {
  return typeof value.event === 'string' && (!OF_A_TRIAL.includes(value.event) || typeof value.trial === 'string');
}

/** Opens a journal for appending, cutting off a torn last line first; I/O errors reach the caller as they are. */
export async function openJournal(path: string, now: () => Date = () => new Date()): Promise<Journal> {
  const file = await open(path, 'a+');
  let length = await cutTornLine(file);
  let synced: Promise<void> = Promise.resolve();
  let syncing: Promise<void> | null = null;
  let soon: NodeJS.Timeout | null = null;
  let lost: { readonly error: unknown } | null = null;

  const write = (text: string): void => {
    try {
      // In one call, not by way of a thread: a run of short trials does little else.
      appendFileSync(file.fd, text);
      length += Buffer.byteLength(text);
    } catch (error) {
      ftruncateSync(file.fd, length);
      throw error;
    }
  };
  const sync = (): Promise<void> => {
    syncing = null;
    if (soon !== null) clearTimeout(soon);
    soon = null;
    return file.datasync();
  };
  // What is written while the disk is busy shares the next sync.
  const nextSync = (): Promise<void> => {
    if (syncing === null) {
      syncing = synced.then(sync);
      synced = syncing.catch(() => undefined);
    }
    return syncing;
  };
  const syncSoon = (): void => {
    soon ??= setTimeout(() => {
      nextSync().catch((error) => {
        lost = { error };
      });
    }, SOON_MS);
  };

  const appendAll = async (events: readonly NewJournalEvent[]): Promise<void> => {
    if (lost !== null) throw lost.error;
    const time = now().toISOString();
    write(events.map((event) => `${JSON.stringify({ time, ...event })}\n`).join(''));
    if (!events.every(({ event }) => DISPENSABLE.includes(event))) return nextSync();
    if (events.some(({ event }) => event === 'finished')) syncSoon();
  };

  return {
    append: (...events) => appendAll(events),
    appendAll,
    async close() {
      if (soon !== null) clearTimeout(soon);
      await synced;
      await file.datasync();
      await file.close();
    },
  };
}

/** The length in bytes up to and with the last line break. */
async function cutTornLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const chunk = Buffer.alloc(4096);
  let end = size;
  while (end > 0) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await file.read(chunk, 0, end - start, start);
    const lineBreak = chunk.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (lineBreak >= 0) {
      end = start + lineBreak + 1;
      break;
    }
    end = start;
  }
  if (end < size) await file.truncate(end);
  return end;
}
