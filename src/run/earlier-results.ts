import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialResult } from '../trial/result.js';
import { listRuns } from './open-run.js';
import type { PlanFile } from './plan-file.js';
import { RunFolder } from './run-folder.js';

/** A finished trial of an earlier run. */
export interface EarlierResult {
  readonly folder: RunFolder;
  readonly trial: Pick<Trial, 'id' | 'hash'>;
  readonly result: TrialResult;
}

/**
 * Finished trials of the runs in a folder with one of these hashes, by hash; of several the newest. Runs that cannot be
 * read are passed over: they only cost time.
 */
export async function earlierResults(
  runsFolder: string,
  hashes: ReadonlySet<string>,
  except: string | null = null,
): Promise<ReadonlyMap<string, EarlierResult>> {
  const found = new Map<string, EarlierResult>();
  const runs = (await listRuns(runsFolder)).filter((id) => id !== except).reverse();
  for (const id of runs) {
    if (found.size === hashes.size) break;
    const folder = new RunFolder(join(runsFolder, id));
    for (const trial of await plannedTrials(folder)) {
      if (!hashes.has(trial.hash) || found.has(trial.hash)) continue;
      const result = await folder.readResult(trial).catch(() => null);
      if (result?.state === 'complete') found.set(trial.hash, { folder, trial, result });
    }
  }
  return found;
}

/**
 * Takes what earlier runs in the folder have finished into a new run that has not begun: results with the figures and
 * the timing that they have, marked with where they are from. Gives the ids of the trials that need not run.
 */
export async function takeEarlierResults(
  folder: RunFolder,
  plan: Plan,
  runsFolder: string,
): Promise<readonly string[]> {
  const earlier = await earlierResults(runsFolder, new Set(plan.trials.map(({ hash }) => hash)), folder.id);
  const taken: string[] = [];
  for (const trial of plan.trials) {
    const source = earlier.get(trial.hash);
    if (source === undefined || !isOfInputs(source, trial)) continue;
    await mkdir(folder.trial(trial.id).path, { recursive: true });
    // The epochs before the result: a trial with a result is complete.
    await copyFile(source.folder.trial(source.trial.id).metrics, folder.trial(trial.id).metrics).catch(() => undefined);
    await folder.writeResult(reused(source, trial));
    taken.push(trial.id);
  }
  return taken;
}

/** Earlier versions did not look whether data that changed after the planning was still what the hash says. */
function isOfInputs({ result }: EarlierResult, { inputs }: Trial): boolean {
  const planned = inputs?.data ?? null;
  return planned === null || result.data === null || result.data.source_digest === planned;
}

function reused({ folder, trial: { id: from }, result }: EarlierResult, { id, arm, seed }: Trial): TrialResult {
  const whose = { ...result, trial: id, arm, seed };
  if (result.reused_from !== undefined) return whose;
  const warnings = [...result.warnings, `taken from the run ${folder.id}: the timing is that run's`];
  return { ...whose, warnings, reused_from: `${folder.id}/${from}` };
}

/** The trials of a run's plan; none when it cannot be read. */
async function plannedTrials(folder: RunFolder): Promise<readonly Pick<Trial, 'id' | 'hash'>[]> {
  try {
    const plan = JSON.parse(await readFile(folder.planFile, 'utf8')) as Partial<Plan | PlanFile>;
    if ((plan.schema !== 1 && plan.schema !== 2) || !Array.isArray(plan.trials)) return [];
    return plan.trials.filter(({ id, hash }) => typeof id === 'string' && typeof hash === 'string');
  } catch {
    return [];
  }
}
