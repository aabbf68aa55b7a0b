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

/**
 * One point of a sweep, or of a part of it. Its lists may be made anew each time they are asked for; to change a point,
 * name all of its members (`changedPoint`), since they need not be its own.
 */
export interface Point {
  readonly settings: readonly Setting[];
  /** What names the point, in order: `{text: 'model.cell=lstm', slug: 'lstm'}`, or a variant's name. */
  readonly names: readonly PointName[];
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

/** The point with other members. */
export function changedPoint({ settings, names, seeds, excludes, whens }: Point, changes: Partial<Point>): Point {
  return { settings, names, seeds, excludes, whens, ...changes };
}

/** Every combination, the last factor varying fastest. */
export function product(factors: readonly (readonly Point[])[]): readonly Point[] {
  const varying = factors.filter((factor) => factor.length !== 1 || factor[0] !== ORIGIN);
  const [first = [ORIGIN], ...others] = varying;
  return others.reduce<readonly Point[]>((points, factor) => {
    const combinations: Point[] = [];
    for (const point of points) for (const other of factor) combinations.push(new Combined(point, other));
    return combinations;
  }, first);
}

/** A point made of two. Its lists are put together when they are asked for: a plan may keep a hundred thousand points. */
class Combined implements Point {
  readonly a: Point;
  readonly b: Point;

  constructor(a: Point, b: Point) {
    this.a = a;
    this.b = b;
  }

  get settings() {
    return joined(this.a.settings, this.b.settings);
  }

  get names() {
    return joined(this.a.names, this.b.names);
  }

  get seeds() {
    return this.b.seeds ?? this.a.seeds;
  }

  get excludes() {
    return joined(this.a.excludes, this.b.excludes);
  }

  get whens() {
    return joined(this.a.whens, this.b.whens);
  }
}

/** Most lists are empty: the other is shared then. */
function joined<Item>(a: readonly Item[], b: readonly Item[]): readonly Item[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...a, ...b];
}
