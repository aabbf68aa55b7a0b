import type { Path } from '../../pipeline/path.js';
import { ORIGIN, type Point } from '../point.js';
import { settingName } from '../setting-name.js';
import type { Axes } from './grid.js';

/** The values paired: the first of every axis, then the second … */
export function zipPoints(axes: Axes, at: Path): readonly Point[] {
  const entries = Object.entries(axes);
  return Array.from({ length: zipCount(axes) }, (_, index) => ({
    ...ORIGIN,
    settings: entries.map(([path, values]) => ({ path, value: values[index]!, origin: [...at, path, index] })),
    names: entries.map(([path, values]) => settingName(path, values[index]!)),
  }));
}

/** How many points the pairs make. */
export function zipCount(axes: Axes): number {
  return Math.min(...Object.values(axes).map(({ length }) => length));
}
