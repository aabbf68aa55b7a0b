import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file.js';
import type { EpochRecord, TrialResult } from './result.js';

/** The files that a worker writes in a trial's folder. */
export interface TrialFiles {
  /** The checkpoints' folder. */
  readonly checkpoint: string;
  /** Replaces metrics.ndjson: the epochs of a checkpoint, or none. */
  startMetrics(history: readonly EpochRecord[]): Promise<void>;
  appendEpoch(record: EpochRecord): void;
  writeResult(result: TrialResult): Promise<void>;
  /** Once a trial is complete nothing goes on from them. */
  removeCheckpoints(): Promise<void>;
}

export function trialFiles(folder: string): TrialFiles {
  const metrics = join(folder, 'metrics.ndjson');
  const checkpoint = join(folder, 'checkpoint');
  return {
    checkpoint,
    removeCheckpoints: () => rm(checkpoint, { recursive: true, force: true }),
    startMetrics: (history) => writeAtomically(metrics, history.map(line).join('')),
    appendEpoch: (record) => appendFileSync(metrics, line(record)),
    writeResult: (result) => writeAtomically(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`),
  };
}

function line(record: EpochRecord): string {
  return `${JSON.stringify(record)}\n`;
}
