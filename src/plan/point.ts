import type { Path } from '../pipeline/path.js';
import type { SettingValue } from './plan.js';

/** One key that a sweep sets, and where in the pipeline the value is written. */
export interface Setting {
  readonly path: string;
  /** Null removes the key, so that its default holds. */
  readonly value: SettingValue;
  readonly origin: Path;
  /** Of one point alone (a draw), so that nothing made of it is worth keeping for others. */
  readonly single?: true;
}

/** One point of a sweep, or of a part of it. */
export interface Point {
  readonly settings: readonly Setting[];
  /** What names the point, in order: `{text: 'model.cell=lstm', slug: 'lstm'}`, a variant's name, or a draw itself. */
  readonly names: readonly (PointName | Setting)[];
  /** The seeds of this point, where a part of the sweep gives its own. */
  readonly seeds: readonly number[] | null;
  /** Conditions under which the point is left out, by where they are written. */
  readonly excludes: readonly Path[];
  /** Conditions under which one of its settings exists, by where they are written; the last key is the setting's path. */
  readonly whens: readonly Path[];
}

export interface PointName {
  readonly text: string;
  readonly slug: string;
  /** The setting that it tells, where it tells one: the name goes with the setting. */
  readonly path?: string;
}

/** The point that changes nothing. */
export const ORIGIN: Point = { settings: [], names: [], seeds: null, excludes: [], whens: [] };

/** Every combination, the last factor varying fastest. */
export function product(factors: readonly (readonly Point[])[]): readonly Point[] {
  const varying = factors.filter((factor) => factor.length !== 1 || factor[0] !== ORIGIN);
  const [first = [ORIGIN], ...others] = varying;
  return others.reduce<readonly Point[]>((points, factor) => {
    const combinations: Point[] = [];
    for (const point of points) for (const other of factor) combinations.push(combined(point, other));
    return combinations;
  }, first);
}

function combined(a: Point, b: Point): Point {
  return {
    settings: joined(a.settings, b.settings),
    names: joined(a.names, b.names),
    seeds: b.seeds ?? a.seeds,
    excludes: joined(a.excludes, b.excludes),
    whens: joined(a.whens, b.whens),
  };
}

/** Most lists are empty: the other is shared then, since a plan may have a hundred thousand points. */
function joined<Item>(a: readonly Item[], b: readonly Item[]): readonly Item[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...a, ...b];
}
