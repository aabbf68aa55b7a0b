import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../../atomic-file.js';
import { jsonText, type RunFolder } from '../../run-folder.js';
import type { SlurmSettings } from './settings.js';

/** `slurm/array-<n>.json`: which trials the tasks of one job array run. Written before the array is submitted. */
export interface ArrayRecord {
  readonly schema: 1;
  readonly array: number;
  /** The ids of the trials of each task, by its index. */
  readonly tasks: readonly (readonly string[])[];
  /** How often the array's tasks begin a trial again. */
  readonly max_requeues: number;
}

/** `slurm/settings.json`: what the jobs of the run ask for, so that a later process asks for the same. */
export interface SlurmRecord {
  readonly schema: 1;
  readonly settings: SlurmSettings;
  /** Where the data was prepared; every task reads it there. */
  readonly cache: string;
  /** Units of `trialCost` that a second takes, as the probe measured it; null where it did not. */
  readonly cost_per_second: number | null;
}

/** Where the files of a run's jobs are. */
export function slurmPaths(folder: RunFolder) {
  const path = join(folder.path, 'slurm');
  return {
    path,
    settings: join(path, 'settings.json'),
    logs: join(path, 'logs'),
    array: (number: number) => join(path, `array-${number}.json`),
    script: (number: number) => join(path, `array-${number}.sh`),
  };
}

export async function writeSlurmRecord(folder: RunFolder, record: SlurmRecord): Promise<void> {
  const { path, settings } = slurmPaths(folder);
  await mkdir(path, { recursive: true });
  await writeAtomically(settings, jsonText(record));
}

/** Null for a run that no cluster was asked to run. */
export function readSlurmRecord(folder: RunFolder): Promise<SlurmRecord | null> {
  return readJson<SlurmRecord>(slurmPaths(folder).settings);
}

export async function writeArray(folder: RunFolder, record: ArrayRecord, script: string): Promise<void> {
  const paths = slurmPaths(folder);
  await mkdir(paths.logs, { recursive: true });
  await writeAtomically(paths.script(record.array), script);
  await writeAtomically(paths.array(record.array), jsonText(record));
}

export function readArray(folder: RunFolder, number: number): Promise<ArrayRecord | null> {
  return readJson<ArrayRecord>(slurmPaths(folder).array(number));
}

/** Takes an array's orders back: a task of it that begins all the same ends at once. */
export async function revokeArray(folder: RunFolder, number: number): Promise<void> {
  await rm(slurmPaths(folder).array(number), { force: true });
}

/** The numbers of the arrays that were written, ascending; a revoked one still counts by its script. */
export async function arrayNumbers(folder: RunFolder): Promise<readonly number[]> {
  const names = await readdir(slurmPaths(folder).path).catch(() => []);
  const numbers = names.flatMap((name) => /^array-(\d+)\.(?:json|sh)$/.exec(name)?.[1] ?? []);
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
}

async function readJson<Value extends { readonly schema: number }>(path: string): Promise<Value | null> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Value;
    return value.schema === 1 ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
