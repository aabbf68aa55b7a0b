import { expanded, getSetting } from '../pipeline/settings.js';
import type { SettingValue } from './plan.js';
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
    return compare(getSetting(config, keys) ?? null, expected, keys);
  });
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

/** Equal values; a short form (`loss: nll`) equals every configuration that fulfils it. */
function same(actual: unknown, expected: SettingValue, keys: readonly string[]): boolean {
  if (actual !== null && typeof actual === 'object' && typeof expected === 'string') {
    const entries = Object.entries(expanded(expected, keys));
    return entries.length > 0 && entries.every(([key, value]) => (actual as { [key: string]: unknown })[key] === value);
  }
  return JSON.stringify(actual) === JSON.stringify(expected);
}
