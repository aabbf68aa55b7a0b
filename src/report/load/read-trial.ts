import type { RunFolder, TrialPaths } from '../../run/run-folder.js';
import type { TrialResult } from '../../trial/result.js';
import type { ReportedState, TrialData } from '../run-data.js';
import type { Note } from './fields.js';
import type { TrialHistory } from './read-journal.js';
import { readJson } from './read-json.js';
import type { PlannedTrial } from './read-plan.js';
import { readResult } from './read-result.js';

export interface TrialSource {
  readonly folder: RunFolder;
  readonly trial: PlannedTrial;
  readonly history: TrialHistory | undefined;
  readonly noteOn: (file: string) => Note;
}

/** One trial as its result and the journal tell it. */
export async function readTrial(source: TrialSource): Promise<TrialData> {
  const { trial, history } = source;
  const result = await trustedResult(source);
  const { state, error } =
    result === null ? fateWithoutResult(history) : { state: result.state, error: history?.error ?? null };
  return {
    id: trial.id,
    arm: trial.arm,
    seed: trial.seed,
    state,
    result,
    error,
    last_epoch: result?.epochs.at(-1)?.epoch ?? history?.last_epoch ?? 0,
    epochs_planned: trial.epochs,
  };
}

/** The result, unless it cannot be read or is another configuration's. */
async function trustedResult({ folder, trial, history, noteOn }: TrialSource): Promise<TrialResult | null> {
  const paths = pathsOf(folder, trial.id, noteOn);
  if (paths === null) return null;
  const note = noteOn(paths.result);
  const fields = await readJson(paths.result, note, { optional: history?.finished !== 'complete' });
  const result = fields === null ? null : readResult(fields, note);
  if (result === null) return null;
  if (result.trial !== trial.id || (trial.hash !== '' && result.hash !== trial.hash)) {
    note('belongs to another configuration than the plan says, and is left out');
    return null;
  }
  return result;
}

function pathsOf(folder: RunFolder, id: string, noteOn: (file: string) => Note): TrialPaths | null {
  try {
    return folder.trial(id);
  } catch (error) {
    noteOn(folder.planFile)((error as Error).message);
    return null;
  }
}

const ENDS: readonly string[] = ['failed', 'diverged', 'timed_out', 'killed', 'cancelled', 'skipped'];

function fateWithoutResult(history: TrialHistory | undefined): { state: ReportedState; error: string | null } {
  if (history === undefined || (!history.started && history.finished === null))
    return { state: 'pending', error: null };
  const { finished, error } = history;
  if (finished === 'complete') return { state: 'failed', error: 'its result is missing or damaged' };
  if (finished !== null && ENDS.includes(finished)) return { state: finished as ReportedState, error };
  return { state: 'interrupted', error };
}
