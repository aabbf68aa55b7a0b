import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { inactiveKeys } from './active-keys.js';
import type { TrialConfig } from './trial-config.js';

/** Raised whenever the code computes other results from the same configuration. */
const RESULTS_VERSION = 1;

/**
 * The hash of each of an arm's trials, sha256 in hexadecimal over the canonical JSON of these fields:
 * - `results_version`: the version of the code's results;
 * - `config`: the resolved configuration without the keys that have no effect in it, and without `train.timeout`,
 *   which decides whether there is a result, not which; mappings whose order is the order of the classes
 *   (`data.train`, `data.validation`, `data.test`, `data.labels`) as lists of entries;
 * - `seed`.
 */
export function trialHashes(config: TrialConfig, seeds: readonly number[]): readonly string[] {
  const removed = [...inactiveKeys(config), 'train.timeout'];
  const active = removed.reduce<unknown>((kept, path) => withoutKey(kept, path.split('.')), config) as TrialConfig;
  const { data } = active;
  const ordered = {
    ...active,
    data: {
      ...data,
      train: entries(data.train),
      validation: entries(data.validation),
      test: entries(data.test),
      labels: entries(data.labels ?? null),
    },
  };
  // Canonical JSON sorts keys, so that this is the text of {config, results_version, seed}; the long part is made once.
  const common = canonicalize({ config: ordered, results_version: RESULTS_VERSION })?.slice(0, -1);
  return seeds.map((seed) => createHash('sha256').update(`${common},"seed":${seed}}`).digest('hex'));
}

/** The hash of one trial: see `trialHashes`. */
export function trialHash(config: TrialConfig, seed: number): string {
  return trialHashes(config, [seed])[0]!;
}

/** Canonical JSON sorts keys; where their order has a meaning they become a list. */
function entries(value: object | string | null): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : value;
}

function withoutKey(config: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || config === null || typeof config !== 'object' || !Object.hasOwn(config, key)) return config;
  const { [key]: child, ...others } = config as { readonly [key: string]: unknown };
  return rest.length === 0 ? others : { ...others, [key]: withoutKey(child, rest) };
}
