import { type FileHandle, open } from 'node:fs/promises';
import type { JournalEvent } from './journal-events.js';
import { readLines } from './ndjson.js';

/** What is appended: the journal adds the time. */
export type NewJournalEvent = WithoutTime<JournalEvent>;
type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'time'> : never;

/** An append-only file of events. */
export interface Journal {
  /** Resolves when the events are on the disk; events land in the order of the calls. */
  append(...events: readonly NewJournalEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** Every whole event of a journal in order; torn lines are dropped. */
export function readJournal(path: string): Promise<readonly JournalEvent[]> {
  return readLines<JournalEvent>(path);
}

/** Opens a journal for appending, cutting off a torn last line first; I/O errors reach the caller as they are. */
export async function openJournal(path: string, now: () => Date = () => new Date()): Promise<Journal> {
  const file = await open(path, 'a+');
  let length = await cutTornLine(file);
  let waiting: string[] = [];
  let flushed: Promise<void> = Promise.resolve();
  let flushing: Promise<void> | null = null;

  // Lines that arrive while the disk is busy share the next write and sync.
  const flush = async (): Promise<void> => {
    flushing = null;
    const text = waiting.join('');
    waiting = [];
    try {
      await file.write(text);
      await file.datasync();
      length += Buffer.byteLength(text);
    } catch (error) {
      await file.truncate(length).catch(() => undefined);
      throw error;
    }
  };

  return {
    append(...events) {
      const time = now().toISOString();
      for (const event of events) waiting.push(`${JSON.stringify({ time, ...event })}\n`);
      if (flushing === null) {
        flushing = flushed.then(flush);
        flushed = flushing.catch(() => undefined);
      }
      return flushing;
    },
    async close() {
      await flushed;
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
