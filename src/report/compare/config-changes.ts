import { type ChangedKey, changedValues } from '../../plan/diff-plans.js';

/** A key that has another value in the configurations of a run than in those of the first. */
export interface ConfigChange extends ChangedKey {
  /** The labels of the arms where it is so; null where it is so in every arm that was compared. */
  readonly arms: readonly string[] | null;
}

/** An arm's configuration in both runs. */
export interface ConfigPair {
  readonly label: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between the configurations of arms, each change once; null where there is no arm to tell it by. */
export function configChanges(pairs: readonly ConfigPair[]): readonly ConfigChange[] | null {
  if (pairs.length === 0) return null;
  const changes = new Map<string, { readonly change: ChangedKey; readonly arms: string[] }>();
  for (const { label, before, after } of pairs) {
    for (const change of changedValues(before, after)) {
      const key = JSON.stringify(change);
      const known = changes.get(key);
      if (known === undefined) changes.set(key, { change, arms: [label] });
      else known.arms.push(label);
    }
  }
  return [...changes.values()].map(({ change, arms }) => ({
    ...change,
    arms: arms.length === pairs.length ? null : arms,
  }));
}
