import type { Plan } from './plan.js';

/** Arms that ask for the same trials, the first of them running them. */
export interface MergedArms {
  readonly trials_of: string;
  readonly arms: readonly string[];
}

/** Arms whose trials are all those of another arm, grouped by that arm. */
export function mergedArms(plan: Plan): readonly MergedArms[] {
  if (!sharesTrials(plan)) return [];
  const { arms, trials } = plan;
  const armOf = new Map(trials.map(({ id, arm }) => [id, arm]));
  const groups = new Map<string, string[]>();
  for (const { id, trial_ids = [] } of arms) {
    const owners = new Set(trial_ids.map((trial) => armOf.get(trial)!));
    const [owner] = owners;
    if (owners.size !== 1 || owner === undefined || owner === id) continue;
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [id]);
    else group.push(id);
  }
  return [...groups].map(([trials_of, merged]) => ({ trials_of, arms: merged }));
}

/**
 * The keys that the sweep sets to several values without any arm being another trial for it: all arms that differ in
 * this key alone share their trials.
 */
export function idleAxes(plan: Plan): readonly string[] {
  // Without shared trials every axis does something, and a large plan need not be gone through key by key.
  if (!sharesTrials(plan)) return [];
  const { arms } = plan;
  const values = new Map<string, Set<string>>();
  for (const { settings } of arms) {
    for (const [path, value] of Object.entries(settings)) {
      const known = values.get(path);
      if (known === undefined) values.set(path, new Set([JSON.stringify(value)]));
      else known.add(JSON.stringify(value));
    }
  }
  return [...values].filter(([path, { size }]) => size > 1 && isIdle(path, arms)).map(([path]) => path);
}

function sharesTrials({ arms, trials }: Plan): boolean {
  let listed = 0;
  for (const { trial_ids = [] } of arms) listed += trial_ids.length;
  return listed > trials.length;
}

function isIdle(path: string, arms: Plan['arms']): boolean {
  const trialsOf = new Map<string, string>();
  let compared = 0;
  for (const { settings, trial_ids = [] } of arms) {
    if (!Object.hasOwn(settings, path)) continue;
    const { [path]: _, ...others } = settings;
    const key = JSON.stringify(others);
    const own = trial_ids.join();
    const known = trialsOf.get(key);
    if (known === undefined) trialsOf.set(key, own);
    else if (known !== own) return false;
    else compared++;
  }
  return compared > 0;
}
