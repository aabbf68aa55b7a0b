import { type BestTrial, better, candidate, judgedBy } from '../../run/best-trial.js';
import type { RunEvent } from '../../run/run-events.js';

type Event<Name extends RunEvent['event']> = Extract<RunEvent, { readonly event: Name }>;

/** A trial that runs, as far as it has said. */
export interface RunningTrial {
  readonly id: string;
  /** Milliseconds, of the same clock as every `now`. */
  readonly since: number;
  readonly phase: Event<'phase'>['phase'] | 'start';
  readonly progress: Event<'progress'> | null;
  /** The figure that the trial is judged by, at the end of each of its last epochs here. */
  readonly figures: readonly number[];
}

/** Epochs whose figures are kept for a trial's sparkline. */
export const SPARKS = 12;

/** What the view of a run shows. Its size follows the running trials, not all of them. */
export interface ViewState {
  readonly since: number;
  readonly trials: number;
  readonly jobs: number;
  readonly complete: number;
  /** Every other fate that stands, and trials that were killed. */
  readonly failed: number;
  readonly cancelled: number;
  /** In the order in which they started. */
  readonly running: ReadonlyMap<string, RunningTrial>;
  /** Trials that ran to their end here and how long they took together, for the estimate. */
  readonly timed: { readonly count: number; readonly seconds: number };
  readonly stopping: 'stop' | 'kill' | null;
  /** The best complete trial. */
  readonly best: BestTrial | null;
}

export function initialState(now: number): ViewState {
  return {
    since: now,
    trials: 0,
    jobs: 1,
    complete: 0,
    failed: 0,
    cancelled: 0,
    running: new Map(),
    timed: { count: 0, seconds: 0 },
    stopping: null,
    best: null,
  };
}

/** The state after an event. */
export function nextState(state: ViewState, event: RunEvent, now: number): ViewState {
  switch (event.event) {
    case 'run-started': {
      const { complete, failed, diverged, timed_out } = event.tally;
      const since = timeOf(event.since, state.since);
      const best = event.best ?? null;
      return {
        ...state,
        since,
        best,
        trials: event.trials,
        jobs: event.jobs,
        complete,
        failed: failed + diverged + timed_out,
      };
    }
    case 'started':
      return withTrial(state, {
        id: event.trial,
        since: timeOf(event.since, now),
        phase: 'start',
        progress: null,
        figures: [],
      });
    case 'phase':
      return changeTrial(state, event.trial, { phase: event.phase });
    case 'progress':
      return changeTrial(state, event.trial, { phase: 'train', progress: event });
    case 'epoch':
      return withFigure(state, event);
    case 'finished':
      return finish(state, event);
    case 'skipped':
      return { ...state, cancelled: state.cancelled + event.trials.length };
    case 'stopping':
      return { ...state, stopping: event.level };
    default:
      return state;
  }
}

/** Trials that have not started. */
export function trialsLeft({ trials, complete, failed, cancelled, running }: ViewState): number {
  return Math.max(0, trials - complete - failed - cancelled - running.size);
}

/**
 * Seconds until the whole run ends, or null while nothing tells: what the running trials say of themselves, and for
 * the others the mean of those that ended (else of those that run), shared among the jobs.
 */
export function remainingSeconds(state: ViewState, now: number): number | null {
  const running = [...state.running.values()].map((trial) => ({
    elapsed: (now - trial.since) / 1000,
    left: trial.progress === null ? null : trial.progress.eta_seconds,
  }));
  const told = running.flatMap(({ elapsed, left }) => (left === null ? [] : [elapsed + left]));
  const mean = state.timed.count > 0 ? state.timed.seconds / state.timed.count : average(told);
  if (mean === null) return null;
  let work = state.stopping === null ? trialsLeft(state) * mean : 0;
  let longest = 0;
  for (const { elapsed, left } of running) {
    const seconds = left ?? Math.max(0, mean - elapsed);
    work += seconds;
    longest = Math.max(longest, seconds);
  }
  return Math.max(longest, work / state.jobs);
}

/** A time that was told, in milliseconds, unless it is none or lies ahead (a clock was set back). */
function timeOf(told: string | undefined, otherwise: number): number {
  const time = Date.parse(told ?? '');
  return time <= otherwise ? time : otherwise;
}

function finish(state: ViewState, event: Event<'finished'>): ViewState {
  const running = new Map(state.running);
  running.delete(event.trial);
  const ended = { ...state, running };
  if (event.state === 'cancelled' || event.state === 'skipped') return { ...ended, cancelled: state.cancelled + 1 };
  if (event.state !== 'complete') return { ...ended, failed: state.failed + 1 };
  const timed = { count: state.timed.count + 1, seconds: state.timed.seconds + event.seconds };
  const best = better(state.best, candidate(event));
  return { ...ended, complete: state.complete + 1, timed, best };
}

function withFigure(state: ViewState, { trial, record }: Event<'epoch'>): ViewState {
  const running = state.running.get(trial);
  const figure = judgedBy(record);
  if (running === undefined || figure === null) return state;
  return withTrial(state, { ...running, figures: [...running.figures, figure.value].slice(-SPARKS) });
}

function changeTrial(state: ViewState, id: string, change: Partial<RunningTrial>): ViewState {
  const trial = state.running.get(id);
  return trial === undefined ? state : withTrial(state, { ...trial, ...change });
}

function withTrial(state: ViewState, trial: RunningTrial): ViewState {
  return { ...state, running: new Map(state.running).set(trial.id, trial) };
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
