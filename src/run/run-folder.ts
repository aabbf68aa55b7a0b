import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeAtomically } from '../atomic-file.js';
import { RunError } from '../errors.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialJob } from '../trial/events.js';
import type { EpochRecord, TrialResult } from '../trial/result.js';
import { readJournal } from './journal.js';
import type { JournalEvent, RunInfo } from './journal-events.js';
import { readLines } from './ndjson.js';
import { type PlanFile, planOf } from './plan-file.js';

/** A run folder: the one place that knows where its files are. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get id(): string {
    return basename(this.path);
  }
  get pipelineFile(): string {
    return join(this.path, 'pipeline.yaml');
  }
  get planFile(): string {
    return join(this.path, 'plan.json');
  }
  get infoFile(): string {
    return join(this.path, 'run.json');
  }
  get journalFile(): string {
    return join(this.path, 'journal.ndjson');
  }
  get reportFile(): string {
    return join(this.path, 'report.md');
  }

  /** Requests of other processes to the one that runs the run. */
  get controlFolder(): string {
    return join(this.path, 'control');
  }
  /** What workers say that wait for their trial. */
  get waitingFolder(): string {
    return join(this.path, 'waiting');
  }
  /** Where the running trials are. */
  get liveFile(): string {
    return join(this.path, 'live.json');
  }

  /** The folder of one trial; refuses an id that could name anything outside `trials/`. */
  trial(id: string): TrialPaths {
    checkTrialId(id);
    const path = join(this.path, 'trials', id);
    return {
      path,
      config: join(path, 'config.json'),
      metrics: join(path, 'metrics.ndjson'),
      result: join(path, 'result.json'),
      checkpoint: join(path, 'checkpoint'),
      log: join(path, 'log.txt'),
    };
  }

  /** The frozen plan; throws a RunError when it is missing, damaged or of a version that is not known. */
  async readPlan(): Promise<Plan> {
    const plan = planOf(await readRecord<Plan | PlanFile>(this.planFile, [1, 2]));
    if (plan === null) throw damaged(this.planFile, 'no list of arms or trials, or a trial without a configuration');
    for (const trial of plan.trials) checkTrialId(trial.id);
    return plan;
  }

  /** What was run, where and by what; throws a RunError when it is missing or damaged. */
  async readInfo(): Promise<RunInfo> {
    const info = await readRecord<RunInfo>(this.infoFile);
    if (typeof info.working_directory !== 'string') throw damaged(this.infoFile, 'no working_directory');
    return info;
  }

  readPipeline(): Promise<string> {
    return readFile(this.pipelineFile, 'utf8');
  }

  readJournal(): Promise<readonly JournalEvent[]> {
    return readJournal(this.journalFile);
  }

  /** The result of a trial, or null when there is none, it is damaged or none, or it belongs to another configuration. */
  async readResult(trial: Pick<Trial, 'id' | 'hash'>): Promise<TrialResult | null> {
    try {
      const result = JSON.parse(await readFile(this.trial(trial.id).result, 'utf8')) as TrialResult | null;
      if (result?.schema !== 1 || result.trial !== trial.id || result.hash !== trial.hash) return null;
      return isWhole(result) ? result : null;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** The epochs that a trial has written so far, in order; an epoch written twice counts once, as written last. */
  async readEpochs(trial: string): Promise<readonly EpochRecord[]> {
    const epochs = new Map<number, EpochRecord>();
    for (const record of await readLines<EpochRecord>(this.trial(trial).metrics)) epochs.set(record.epoch, record);
    return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
  }

  /** Makes a trial's folder ready for a worker: its configuration in, an earlier attempt's result out. */
  async prepareTrial(job: TrialJob): Promise<TrialPaths> {
    const paths = this.trial(job.trial.id);
    // In single calls, not by way of threads: where trials are short there are many of these.
    if (!makeFolder(paths.path)) {
      await rm(paths.result, { force: true });
      // Halves of files that a killed worker was writing.
      for (const folder of [paths.path, paths.checkpoint]) await removeUnfinished(folder);
    }
    // Not synced: every attempt writes it anew, and the plan has it all.
    writeFileSync(paths.config, jsonText(job));
    return paths;
  }

  /** Forgets how a trial ended; its checkpoints stay. */
  async removeResult(trial: string): Promise<void> {
    await rm(this.trial(trial).result, { force: true });
  }

  async writeResult(result: TrialResult): Promise<void> {
    await writeAtomically(this.trial(result.trial).result, jsonText(result));
  }

  /** What the pipeline and the files that it is made of say together, beside the file as it was. */
  async writeComposed(text: string): Promise<void> {
    await writeAtomically(join(this.path, 'pipeline.composed.yaml'), text);
  }

  async writeReport(markdown: string): Promise<void> {
    await writeAtomically(this.reportFile, markdown);
  }
}

/** Whether a result has what whoever reads it takes for granted. */
function isWhole({ state, metrics, epochs, timing }: TrialResult): boolean {
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return typeof state === 'string' && isObject(metrics) && Array.isArray(epochs) && isObject(timing);
}

/** The files of one trial. */
export interface TrialPaths {
  readonly path: string;
  readonly config: string;
  readonly metrics: string;
  readonly result: string;
  readonly checkpoint: string;
  readonly log: string;
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Makes a folder; false where there is one. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return mkdirSync(path, { recursive: true }) !== undefined;
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
}

function checkTrialId(id: string): void {
  // It must begin with a letter or digit, so neither `..` nor a hidden name nor an option passes.
  if (typeof id === 'string' && /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._+=,@-]*$/u.test(id) && Buffer.byteLength(id) <= 200)
    return;
  throw new RunError(`expected a trial id that is safe as a file name, found ${JSON.stringify(id)}`, {
    code: 'RUN_TRIAL_ID',
    hint: 'letters, digits and . _ + = , @ - are safe, at most 200 bytes, a letter or digit first',
  });
}

async function readRecord<Value extends { readonly schema: number }>(
  path: string,
  versions: readonly number[] = [1],
): Promise<Value> {
  let value: Value | null;
  try {
    value = JSON.parse(await readFile(path, 'utf8')) as Value | null;
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(path, `not JSON (${error.message})`, error);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged(path, 'no such file', error);
    throw error;
  }
  if (value === null || !versions.includes(value.schema)) {
    throw damaged(path, `expected "schema": ${versions.join(' or ')}, found ${JSON.stringify(value?.schema)}`);
  }
  return value;
}

function damaged(path: string, found: string, cause?: unknown): RunError {
  return new RunError(`cannot read ${path}: ${found}`, {
    code: 'RUN_DAMAGED',
    hint: 'a run folder holds pipeline.yaml, plan.json, run.json, journal.ndjson and trials/',
    cause,
  });
}
