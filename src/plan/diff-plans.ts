import type { Plan, Trial } from './plan.js';
import { armTrials } from './share-trials.js';
import { trialHash } from './trial-hash.js';

/** A key whose value an arm's configuration changed. */
export interface ChangedKey {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface PlanDiff {
  readonly trials: { readonly added: number; readonly removed: number; readonly unchanged: number };
  /** Labels of arms that only the newer plan has, and that only the older has. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Arms of both with another configuration or other seeds. */
  readonly changed: readonly { readonly arm: string; readonly keys: readonly ChangedKey[] }[];
}

/** What is new in `after` and what is gone from `before`, by configurations: arm numbers and names of files do not matter. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const [old, young] = [hashesOf(before), hashesOf(after)];
  const unchanged = [...young].filter((hash) => old.has(hash)).length;
  const [oldArms, youngArms] = [armsOf(before), armsOf(after)];
  return {
    trials: { added: young.size - unchanged, removed: old.size - unchanged, unchanged },
    added: [...youngArms.keys()].filter((label) => !oldArms.has(label)),
    removed: [...oldArms.keys()].filter((label) => !youngArms.has(label)),
    changed: [...youngArms].flatMap(([arm, trials]) => {
      const keys = changedKeys(oldArms.get(arm), trials);
      return keys.length === 0 ? [] : [{ arm, keys }];
    }),
  };
}

/** Computed anew: a frozen plan's hashes know more than a planned one's. */
function hashesOf({ trials }: Plan): ReadonlySet<string> {
  return new Set(trials.map(({ config, seed }) => trialHash(config, seed)));
}

function armsOf(plan: Plan): ReadonlyMap<string, readonly Trial[]> {
  return new Map([...armTrials(plan)].map(({ arm, trials }) => [arm.label, trials]));
}

function changedKeys(before: readonly Trial[] | undefined, after: readonly Trial[]): readonly ChangedKey[] {
  const [a, b] = [before?.[0], after[0]];
  if (before === undefined || a === undefined || b === undefined) return [];
  const seeds = (trials: readonly Trial[]): readonly number[] => trials.map(({ seed }) => seed);
  const keys = a.config === b.config ? [] : changedValues(a.config, b.config);
  if (JSON.stringify(seeds(before)) === JSON.stringify(seeds(after))) return keys;
  return [...keys, { path: 'sweep.seeds', before: seeds(before), after: seeds(after) }];
}

/** The keys whose values differ between two configurations, as deep as both have mappings. */
export function changedValues(before: unknown, after: unknown, path = ''): readonly ChangedKey[] {
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changedValues(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null)
    ? []
    : [{ path, before: before ?? null, after: after ?? null }];
}

function isMapping(value: unknown): value is { readonly [key: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
