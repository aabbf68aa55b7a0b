import { inGroups } from '../in-groups.js';
import type { Trial } from '../plan/plan.js';
import type { TrialResult, TrialState } from '../trial/result.js';
import { type BestTrial, better, candidate } from './best-trial.js';
import { type Away, readAway } from './executors/slurm/read-away.js';
import type { JournalEvent } from './journal-events.js';
import { readLive } from './live-file.js';
import { type LockHolder, lockHolder } from './lock.js';
import { isFinal } from './retries.js';
import type { RunState, Tally } from './run-events.js';
import type { RunFolder } from './run-folder.js';

/** How a run stands, for those outside the process that runs it. */
export interface RunStatus {
  readonly run: string;
  readonly folder: string;
  readonly name: string;
  readonly started: string;
  /** `stopped`: its process is gone and did not say how it ended; `sweep resume` goes on. */
  readonly state: RunState | 'running' | 'stopped';
  /** Who runs it; null when nobody does. */
  readonly process: LockHolder | null;
  readonly trials: number;
  readonly tally: Tally;
  readonly running: readonly RunningStatus[];
  readonly failures: readonly FailureStatus[];
  /** What Slurm says of its tasks, where it answers; null where the run is not on a cluster. */
  readonly cluster: ClusterStatus | null;
  readonly best: BestTrial | null;
}

/** Tasks of a run on a cluster. */
export interface ClusterStatus {
  readonly running: number;
  readonly waiting: number;
  /** Why they wait, as Slurm says it. */
  readonly reasons: readonly string[];
}

export interface RunningStatus {
  readonly trial: string;
  readonly pid: number;
  readonly attempt: number;
  readonly since: string;
  readonly epoch: number | null;
  readonly epochs: number;
  readonly eta_seconds: number | null;
}

export interface FailureStatus {
  readonly trial: string;
  readonly state: TrialState;
  readonly error: string;
  readonly log: string;
}

type Started = Extract<JournalEvent, { readonly event: 'started' }>;
type Finished = Extract<JournalEvent, { readonly event: 'finished' }>;

/** What the journal tells: the last word on each trial and on the run. */
export interface JournalState {
  readonly started: ReadonlyMap<string, Started>;
  readonly finished: ReadonlyMap<string, Finished>;
  /** Of the last execution; null while it has not ended, or did not say how. */
  readonly ended: RunState | null;
  /** The last execution's beginning; null before the first. */
  readonly execution: Extract<JournalEvent, { readonly event: 'run-started' }> | null;
}

/** Reads how a run stands from its files. What became of a trial its result says, as a resume and the report take it. */
export async function readStatus(folder: RunFolder): Promise<RunStatus> {
  const [plan, info, events, holder, live] = await Promise.all([
    folder.readPlan(),
    folder.readInfo(),
    folder.readJournal(),
    lockHolder(folder.path),
    readLive(folder),
  ]);
  const told = journalState(events);
  const away = holder === null ? await readAway(folder, plan, events) : null;
  const journal = away === null ? told : journalState([...events, ...away.events]);
  const epochs = new Map(plan.trials.map(({ id, config }) => [id, config.train.epochs]));
  const running = holder === null && away === null ? [] : runningTrials(journal);
  const results = await inGroups(plan.trials, (trial) => folder.readResult(trial));
  const fates = fatesOf(plan.trials, results, journal, new Set(running.map(({ trial }) => trial)));
  const tally = tallyOf(plan.trials, { finished: fates });
  return {
    run: folder.id,
    folder: folder.path,
    name: info.name,
    started: info.started,
    state: holder !== null ? 'running' : stateOf(told, away, tally),
    process: holder,
    trials: plan.trials.length,
    tally,
    running: running.map(({ trial, pid, attempt, time }) => {
      const progress = [...live, ...(away?.live ?? [])].find(
        (event) => event.trial === trial && event.event === 'progress',
      );
      const known = progress?.event === 'progress' ? progress : null;
      return {
        trial,
        pid,
        attempt,
        since: time,
        epoch: known?.epoch ?? null,
        epochs: epochs.get(trial) ?? 0,
        eta_seconds: known?.eta_seconds ?? null,
      };
    }),
    failures: [...fates]
      .filter(([, { state }]) => isFailure(state))
      .map(([trial, { state, error }]) => ({
        trial,
        state,
        error: error ?? 'no reason given',
        log: folder.trial(trial).log,
      })),
    cluster: away?.cluster ?? null,
    best: results.reduce<BestTrial | null>(
      (best, result) => (result === null ? best : better(best, candidate(result))),
      null,
    ),
  };
}

type Fate = Pick<Finished, 'state' | 'error'>;

/** The fates of trials by id, in the order in which the journal tells of their ends; those that run or are open have none. */
function fatesOf(
  trials: readonly Trial[],
  results: readonly (TrialResult | null)[],
  { finished }: JournalState,
  running: ReadonlySet<string>,
): ReadonlyMap<string, Fate> {
  const found = new Map<string, Fate>();
  trials.forEach(({ id }, n) => {
    const fate = running.has(id) ? null : fateOf(results[n] ?? null, finished.get(id));
    if (fate !== null) found.set(id, fate);
  });
  const order = [...new Set([...finished.keys(), ...found.keys()])];
  return new Map(order.flatMap((id) => (found.has(id) ? [[id, found.get(id)!]] : [])));
}

const NEED_A_RESULT: readonly TrialState[] = ['complete', 'failed', 'diverged', 'timed_out'];

/** What a trial's result says stands; without one the journal's word does, unless a resume would not take it. */
function fateOf(result: TrialResult | null, told: Finished | undefined): Fate | null {
  const isOpen = told === undefined || NEED_A_RESULT.includes(told.state);
  if (result === null || !(isOpen || isFinal(result))) return isOpen ? null : told;
  const { state, error } = result;
  return { state, ...(error === undefined ? {} : { error: error.message }) };
}

/** Of a run that no process here runs. */
function stateOf({ ended }: JournalState, away: Away | null, tally: Tally): RunStatus['state'] {
  if (away !== null) return away.goesOn ? 'detached' : 'stopped';
  const { pending, ...fates } = tally;
  const trials = Object.values(fates).reduce((sum, count) => sum + count, pending);
  if (tally.complete === trials) return 'complete';
  // The journal says that all were run; the results of some are gone.
  if (pending > 0 && ended !== 'interrupted' && ended !== 'detached') return 'stopped';
  return ended === 'complete' ? 'failed' : (ended ?? 'stopped');
}

/** Fates that a user should look at. */
export function isFailure(state: TrialState): boolean {
  return state === 'failed' || state === 'diverged' || state === 'timed_out' || state === 'killed';
}

export function journalState(events: Iterable<JournalEvent>): JournalState {
  const started = new Map<string, Started>();
  const finished = new Map<string, Finished>();
  let ended: RunState | null = null;
  let execution: JournalState['execution'] = null;
  for (const event of events) {
    if (event.event === 'run-started') {
      // Trials that an execution left running when it was killed run no more.
      started.clear();
      ended = null;
      execution = event;
    } else if (event.event === 'run-finished') {
      ended = event.state;
    } else if (event.event === 'detached') {
      ended = 'detached';
    } else if (event.event === 'started') {
      started.set(event.trial, event);
      finished.delete(event.trial);
    } else if (event.event === 'finished') {
      started.delete(event.trial);
      finished.set(event.trial, event);
    }
  }
  return { started, finished, ended, execution };
}

/** In the order in which they started. */
export function runningTrials({ started }: JournalState): readonly Started[] {
  return [...started.values()];
}

export function tallyOf(
  trials: readonly Trial[],
  { finished }: { readonly finished: ReadonlyMap<string, Fate> },
): Tally {
  const tally = { complete: 0, failed: 0, diverged: 0, timed_out: 0, killed: 0, cancelled: 0, skipped: 0, pending: 0 };
  for (const { id } of trials) tally[finished.get(id)?.state ?? 'pending']++;
  return tally;
}
