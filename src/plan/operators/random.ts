import { acceptsValue, takesOnlyWholeNumbers } from '../../pipeline/checks/setting.js';
import type { Path } from '../../pipeline/path.js';
import { type RandomStream, randomStream } from '../../random/stream.js';
import type { SettingValue } from '../plan.js';
import { ORIGIN, type Point, type PointName, type Setting } from '../point.js';
import { SettingName } from '../setting-name.js';

/** Exactly one of these; both ends of a range may be drawn. */
export interface Distribution {
  readonly uniform?: readonly [number, number];
  readonly log_uniform?: readonly [number, number];
  readonly int_uniform?: readonly [number, number];
  readonly choice?: readonly SettingValue[];
  /** Mean and standard deviation. */
  readonly normal?: readonly [number, number];
}

export interface RandomSearch {
  readonly samples: number;
  readonly seed?: number;
  readonly space: { readonly [path: string]: Distribution };
}

/**
 * Points drawn from the distributions. Every key has a stream of its own, so that neither more samples nor another key
 * changes what was drawn before.
 */
export function randomPoints({ samples, seed = 0, space }: RandomSearch, at: Path): readonly Point[] {
  const axes = Object.entries(space).map(
    ([path, distribution]): Axis => ({
      path,
      origin: [...at, 'space', path],
      draw: drawer(path, distribution, randomStream({ seed, purpose: `sweep.random ${path}` })),
    }),
  );
  return Array.from({ length: samples }, () => {
    return new Drawn(
      axes,
      axes.map(({ draw }) => draw()),
    );
  });
}

interface Axis {
  readonly path: string;
  readonly origin: Path;
  readonly draw: () => SettingValue;
}

/** A point of draws. Few are the same, so that of a hundred thousand only the values are kept. */
class Drawn implements Point {
  readonly axes: readonly Axis[];
  readonly values: readonly SettingValue[];

  constructor(axes: readonly Axis[], values: readonly SettingValue[]) {
    this.axes = axes;
    this.values = values;
  }

  get settings(): readonly Setting[] {
    return this.axes.map(({ path, origin }, k) => ({ path, value: this.values[k]!, origin, single: true as const }));
  }

  get names(): readonly PointName[] {
    return this.axes.map(({ path }, k) => new SettingName(path, this.values[k]!));
  }

  get seeds() {
    return ORIGIN.seeds;
  }

  get excludes() {
    return ORIGIN.excludes;
  }

  get whens() {
    return ORIGIN.whens;
  }
}

function drawer(path: string, distribution: Distribution, stream: RandomStream): () => SettingValue {
  const { uniform, log_uniform, int_uniform, choice, normal } = distribution;
  const whole = takesOnlyWholeNumbers(path);
  if (choice !== undefined) return () => choice[stream.below(choice.length)]!;
  if (int_uniform !== undefined) {
    const [low, high] = int_uniform;
    return () => low + stream.below(high - low + 1);
  }
  if (uniform !== undefined) {
    const [low, high] = uniform;
    return () => within(low + (high - low) * fraction(stream), uniform, whole);
  }
  if (log_uniform !== undefined) {
    const [low, high] = log_uniform.map(Math.log) as [number, number];
    return () => within(Math.exp(low + (high - low) * fraction(stream)), log_uniform, whole);
  }
  const [mean, deviation] = normal!;
  return () => {
    let value = 0;
    // What the key refuses is drawn again: the normal is cut off there. The arm's check tells of what never fits.
    for (let tries = 0; tries < MOST_DRAWS; tries++) {
      value = short(mean + deviation * stream.normal(), whole);
      if (acceptsValue(path, value)) break;
    }
    return value;
  };
}

const MOST_DRAWS = 100;

/** Uniform in [0, 1) with 53 bits. */
function fraction(stream: RandomStream): number {
  return stream.below(2 ** 53) / 2 ** 53;
}

function within(value: number, range: readonly [number, number], whole: boolean): number {
  const [low, high] = whole ? wholeNumbersIn(range) : range;
  return Math.min(high, Math.max(low, short(value, whole)));
}

/** The first and the last; the range itself where there is none, which the key refuses. */
function wholeNumbersIn([low, high]: readonly [number, number]): readonly [number, number] {
  const [first, last] = [Math.ceil(low), Math.floor(high)];
  return first <= last ? [first, last] : [low, high];
}

/** Six digits are as good as seventeen, and can be read; a key that takes whole numbers gets one. */
function short(value: number, whole: boolean): number {
  return whole ? Math.round(value) : Number(value.toPrecision(6));
}
