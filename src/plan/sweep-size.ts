import type { Diagnostic } from '../pipeline/diagnostic.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import { locateKey, locateValue, type Position } from '../pipeline/positions.js';
import { pipelineSchema, resolved } from '../pipeline/schema.js';
import type { Point } from './point.js';
import { type SweepNode, sweepCount } from './sweep-points.js';

/** Plans beyond this are not built at all, whatever `sweep.max_trials` says: they fit in no memory. */
const MOST_ARMS = 250_000;
const MOST_TRIALS = 1_000_000;

/** Conditions and repetitions seldom leave less than one in fifty: more is refused before it is built, too. */
const FAR_ABOVE = 50;

interface CountOptions {
  /** How many seeds an arm has that says nothing. */
  readonly seeds: number;
  readonly max_trials: number | undefined;
  readonly positions: Position;
  /** Allow more trials than `sweep.max_trials`. */
  readonly large: boolean;
}

/** A sweep that is too large to be built, by its count alone; null for any other. */
export function checkCount(sweep: SweepNode, { seeds, max_trials, positions, large }: CountOptions): Diagnostic | null {
  const { points, trials } = sweepCount(sweep, seeds);
  if (points <= MOST_ARMS && trials <= MOST_TRIALS) {
    const most = max_trials ?? DEFAULT_MOST;
    return large || trials <= FAR_ABOVE * most ? null : aboveMost(trials, ' before conditions', { most, positions });
  }
  const [count, most, noun] = trials > MOST_TRIALS ? [trials, MOST_TRIALS, 'trials'] : [points, MOST_ARMS, 'arms'];
  return {
    severity: 'error',
    code: 'PLAN_TOO_LARGE',
    path: 'sweep',
    message: `the sweep has ${number(count)} ${noun} before conditions; at most ${number(most)} can be planned`,
    hint: 'Vary fewer keys at once, or use fewer values, samples or seeds.',
    location: locateKey(positions, ['sweep']),
  };
}

interface SizeOptions {
  readonly sweep: Pipeline['sweep'];
  readonly positions: Position;
  /** Allow more trials than `sweep.max_trials`. */
  readonly large: boolean;
}

/** Points that are none, or make more trials than is allowed without a word; null for any others. */
export function checkSize(points: readonly Point[], { sweep, positions, large }: SizeOptions): Diagnostic | null {
  if (points.length === 0) {
    const path = 'sweep.exclude';
    const location = locateKey(positions, path.split('.'));
    const message = `\`${path}\` leaves no arm`;
    return { severity: 'error', code: 'EMPTY_SWEEP', path, message, hint: null, location };
  }
  const trials = points.reduce((sum, { seeds }) => sum + (seeds?.length ?? 0), 0);
  const most = sweep?.max_trials ?? DEFAULT_MOST;
  return large || trials <= most ? null : aboveMost(trials, '', { most, positions });
}

function aboveMost(
  trials: number,
  when: string,
  { most, positions }: { readonly most: number; readonly positions: Position },
): Diagnostic {
  return {
    severity: 'error',
    code: 'PLAN_TOO_LARGE',
    path: 'sweep.max_trials',
    message: `the sweep has ${number(trials)} trials${when}, more than \`sweep.max_trials\` (${number(most)})`,
    hint: 'Raise `sweep.max_trials`, or pass --yes.',
    location: locateValue(positions, ['sweep', 'max_trials']),
  };
}

const DEFAULT_MOST = resolved(pipelineSchema.$defs?.sweep?.properties?.max_trials ?? {}).default as number;

function number(value: number): string {
  return value.toLocaleString('en');
}
