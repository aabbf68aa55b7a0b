import type { Path } from '../pipeline/path.js';
import type { SettingValue } from './plan.js';

/** One key that a sweep sets, and where in the pipeline the value is written. */
interface Setting {
  readonly path: string;
  /** Null removes the key, so that its default holds. */
  readonly value: SettingValue;
  readonly origin: Path;
}

/** One point of a sweep, or of a part of it. */
export interface Point {
  readonly settings: readonly Setting[];
  /** What names the point, in order: `{text: 'model.cell=lstm', slug: 'lstm'}`, or a variant's name. */
  readonly names: readonly PointName[];
  /** The seeds of this point, where a part of the sweep gives its own. */
  readonly seeds: readonly number[] | null;
  /** Conditions under which the point is left out, by where they are written. */
  readonly excludes: readonly Path[];
}

export interface PointName {
  readonly text: string;
  readonly slug: string;
}

/** The point that changes nothing. */
export const ORIGIN: Point = { settings: [], names: [], seeds: null, excludes: [] };

/** Every combination, the last factor varying fastest. */
export function product(factors: readonly (readonly Point[])[]): readonly Point[] {
  return factors.reduce<readonly Point[]>(
    (points, factor) => points.flatMap((point) => factor.map((other) => combined(point, other))),
    [ORIGIN],
  );
}

function combined(a: Point, b: Point): Point {
  return {
    settings: [...a.settings, ...b.settings],
    names: [...a.names, ...b.names],
    seeds: b.seeds ?? a.seeds,
    excludes: [...a.excludes, ...b.excludes],
  };
}
