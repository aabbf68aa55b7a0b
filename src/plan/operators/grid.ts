import type { Path } from '../../pipeline/path.js';
import type { SettingValue } from '../plan.js';
import { ORIGIN, type Point, product } from '../point.js';
import { settingName } from '../setting-name.js';

/** A list of values per setting path. */
export interface Axes {
  readonly [path: string]: readonly SettingValue[];
}

/** Every combination of the values, the last axis varying fastest. */
export function gridPoints(axes: Axes, at: Path): readonly Point[] {
  return product(
    Object.entries(axes).map(([path, values]) =>
      values.map((value, index) => ({
        ...ORIGIN,
        settings: [{ path, value, origin: [...at, path, index] }],
        names: [settingName(path, value)],
      })),
    ),
  );
}

/** How many points the grid has. */
export function gridCount(axes: Axes): number {
  return Object.values(axes).reduce((product, { length }) => product * length, 1);
}
