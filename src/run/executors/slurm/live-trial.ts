import { readFile } from 'node:fs/promises';
import type { TrialEvent } from '../../../trial/events.js';
import type { RunFolder } from '../../run-folder.js';
import { type TrialLive, writeTrialLive } from './trial-story.js';

/** Keeps `live.json` of a running trial up to date. */
export interface LiveTrial {
  hear(event: TrialEvent): void;
  /** Measures the memory of this process from now on. */
  watch(pid: number): void;
  /** The most memory seen, in bytes. */
  readonly peak: number;
  close(): Promise<void>;
}

const WRITE_MS = 3000;

export function liveTrial(folder: RunFolder, trial: string): LiveTrial {
  let state: TrialLive = { schema: 1, progress: null, phase: null, peak_memory_bytes: 0 };
  let process_ = 0;
  let writing: Promise<void> = Promise.resolve();
  const tick = async (): Promise<void> => {
    if (process_ > 0) {
      const peak = await peakOf(process_);
      state = { ...state, peak_memory_bytes: Math.max(state.peak_memory_bytes, peak) };
    }
    await writeTrialLive(folder, trial, state);
  };
  const timer = setInterval(() => {
    writing = writing.then(tick);
  }, WRITE_MS);
  return {
    hear(event) {
      if (event.type === 'progress') state = { ...state, progress: event, phase: null };
      if (event.type === 'phase') state = { ...state, phase: event };
    },
    watch(pid) {
      process_ = pid;
    },
    get peak() {
      return state.peak_memory_bytes;
    },
    async close() {
      clearInterval(timer);
      await writing;
    },
  };
}

/** The most that a process ever held, in bytes; 0 where the system does not say. */
async function peakOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}
