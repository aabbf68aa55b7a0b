import { createHash } from 'node:crypto';
import type { Path } from '../pipeline/path.js';
import { settingKeys } from '../pipeline/settings.js';
import type { ArmChecker } from './check-arms.js';
import type { Configurator } from './configurator.js';
import type { Arm, SettingValue } from './plan.js';
import type { Point } from './point.js';
import { labelOf } from './settle-points.js';
import type { TrialConfig } from './trial-config.js';

/** An arm with its configuration, and what is needed to say where a part of it was written. */
export interface PlannedArm {
  readonly arm: Arm;
  readonly point: Point;
  readonly config: TrialConfig;
}

const LONGEST_ID = 60;

/**
 * The arm of a point, without its trials; `index` counts from 0 in a plan of `total` arms. The checker sees all of
 * it; what is written is not kept, since a plan may have a hundred thousand arms.
 */
export function planArm(
  configurator: Configurator,
  point: Point,
  { checker, ...place }: { readonly index: number; readonly total: number; readonly checker: ArmChecker },
): PlannedArm {
  const { settings: set, names } = point;
  const settings: { [path: string]: SettingValue } = {};
  for (const { path, value } of set) settings[path] = value;
  const arm = { id: armId(names, place), label: labelOf({ names }), settings };
  const configured = configurator.configure(set);
  const planned = { arm, point, config: configured.config };
  checker.add(planned, configured);
  return planned;
}

/** Where the part of an arm at a setting path was written: in the sweep where that sets it, else in the pipeline itself. */
export function originOf({ settings }: Point, path: Path): Path {
  const text = path.join('.');
  const whole = settings.findLast((setting) => text === setting.path || text.startsWith(`${setting.path}.`));
  if (whole !== undefined) return [...whole.origin, ...path.slice(whole.path.split('.').length)];
  const within = settings.find((setting) => setting.path.startsWith(`${text}.`));
  return within?.origin ?? path;
}

/** A setting path as a path: `metrics[1]` is `metrics`, 1. */
export function pathOfSetting(path: string): Path {
  let found = paths.get(path);
  if (found === undefined) {
    const [, keys = path, index] = /^(.*)\[(\d+)\]$/.exec(path) ?? [];
    found = index === undefined ? settingKeys(keys) : [...settingKeys(keys), Number(index)];
    if (paths.size < 2000) paths.set(path, found);
  }
  return found;
}

/** The checks ask for the same ones for every arm. */
const paths = new Map<string, Path>();

/** The id of an arm, by its names and where it stands in its plan. */
export function armId(
  names: Point['names'],
  { index, total }: { readonly index: number; readonly total: number },
): string {
  const number = String(index + 1).padStart(Math.max(3, String(total).length), '0');
  const slug =
    names.length === 0
      ? 'base'
      : names
          .map(({ slug: part }) => part)
          .filter((part) => part !== '')
          .join('-');
  if (slug === '') return number;
  // Joined, it is one text; added up, each of a hundred thousand ids would be kept with its parts.
  if (slug.length <= LONGEST_ID) return [number, slug].join('-');
  const digest = createHash('sha256').update(slug).digest('hex').slice(0, 6);
  return `${number}-${slug.slice(0, LONGEST_ID - 7).replace(/[-.]+$/, '')}-${digest}`;
}
