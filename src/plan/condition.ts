import { takesDuration } from '../pipeline/checks/setting.js';
import { ANY_MEMBER, pipelineSchema, schemasAt } from '../pipeline/schema.js';
import { expanded, getSetting, initializerGroups, longForm } from '../pipeline/settings.js';
import type { SettingValue } from './plan.js';
import { seconds } from './resolve.js';
import type { TrialConfig } from './trial-config.js';

/** What a key is compared with: a value, a list of values, or comparisons that must all hold. */
type Expected = SettingValue | readonly SettingValue[] | Comparison;

interface Comparison {
  readonly eq?: SettingValue;
  readonly ne?: SettingValue;
  readonly gt?: number;
  readonly ge?: number;
  readonly lt?: number;
  readonly le?: number;
  readonly in?: readonly SettingValue[];
  readonly not_in?: readonly SettingValue[];
}

export interface Condition {
  readonly [path: string]: Expected;
}

/** Whether all keys of the condition hold in a resolved configuration. */
export function holds(condition: Condition, config: TrialConfig): boolean {
  return Object.entries(condition).every(([path, expected]) => {
    const keys = path.split('.');
    return compare(actualAt(config, keys), expected, keys);
  });
}

/** The value of a configuration, which holds an initialiser for all (`model.init.normal`) as each group's. */
function actualAt(config: TrialConfig, keys: readonly string[]): unknown {
  const actual = getSetting(config, keys);
  if (actual !== undefined || !isInit(keys.slice(0, -1))) return actual ?? null;
  const [first, ...others] = initializerGroups().map((group) => getSetting(config, [...INIT, group, keys.at(-1)!]));
  return others.every((other) => other === first) ? (first ?? null) : null;
}

function compare(actual: unknown, expected: Expected, keys: readonly string[]): boolean {
  if (Array.isArray(expected)) return expected.some((value) => same(actual, value, keys));
  if (expected === null || typeof expected !== 'object') return same(actual, expected, keys);
  const { eq, ne, gt, ge, lt, le, in: among, not_in } = expected as Comparison;
  const number = typeof actual === 'number' ? actual : Number.NaN;
  return (
    (eq === undefined || same(actual, eq, keys)) &&
    (ne === undefined || !same(actual, ne, keys)) &&
    (gt === undefined || number > gt) &&
    (ge === undefined || number >= ge) &&
    (lt === undefined || number < lt) &&
    (le === undefined || number <= le) &&
    (among === undefined || among.some((value) => same(actual, value, keys))) &&
    (not_in === undefined || !not_in.some((value) => same(actual, value, keys)))
  );
}

/**
 * Equal values, the expected one as it is written: a duration equals its seconds, and a short form (`loss: nll`) or a
 * mapping equals every configuration that fulfils it.
 */
function same(actual: unknown, expected: unknown, keys: readonly string[]): boolean {
  if (actual === expected) return true;
  if (typeof actual === 'number')
    return typeof expected === 'string' && takesDuration(keys.join('.')) && actual === seconds(expected);
  if (Array.isArray(actual)) {
    const member = [...keys, ANY_MEMBER];
    return (
      Array.isArray(expected) &&
      actual.length === expected.length &&
      actual.every((value, index) => same(value, expected[index], member))
    );
  }
  if (!isMapping(actual) || !hasKnownKeys(keys)) return JSON.stringify(actual) === JSON.stringify(expected);
  const parts = partsOf(expected, keys);
  return parts !== null && Object.entries(parts).every(([key, part]) => same(actual[key], part, [...keys, key]));
}

/** The keys that a value stands for; null where it is no mapping and stands for none. */
function partsOf(expected: unknown, keys: readonly string[]): Mapping | null {
  if (isMapping(expected)) return isInit(keys) ? longForm(expected, keys, initializerGroups()[0]!) : expected;
  const parts = expanded(expected, keys);
  return Object.keys(parts).length === 0 ? null : parts;
}

/** Whether a mapping has the schema's keys, not labels of the data: of these all must be the same. */
function hasKnownKeys(keys: readonly string[]): boolean {
  return schemasAt(pipelineSchema, keys).some(({ properties }) => properties !== undefined);
}

type Mapping = { readonly [key: string]: unknown };

const INIT: readonly string[] = ['model', 'init'];

function isInit(keys: readonly string[]): boolean {
  return keys.length === 2 && keys[0] === INIT[0] && keys[1] === INIT[1];
}

function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
