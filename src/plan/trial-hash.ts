import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { setSetting } from '../pipeline/settings.js';
import { inactiveKeys } from './active-keys.js';
import type { TrialConfig } from './trial-config.js';

/** Raised whenever the code computes other results from the same configuration. */
const RESULTS_VERSION = 1;

/**
 * The hash of a trial, sha256 in hexadecimal over the canonical JSON of these fields:
 * - `results_version`: the version of the code's results;
 * - `config`: the resolved configuration without the keys that have no effect in it, and without `train.timeout`,
 *   which decides whether there is a result, not which; mappings whose order is the order of the classes
 *   (`data.train`, `data.validation`, `data.test`, `data.labels`) as lists of entries;
 * - `seed`.
 */
export function trialHash(config: TrialConfig, seed: number): string {
  const removed = [...inactiveKeys(config), 'train.timeout'];
  const active = removed.reduce<unknown>((kept, path) => withoutKey(kept, path), config) as TrialConfig;
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
  const text = canonicalize({ results_version: RESULTS_VERSION, config: ordered, seed });
  if (text === undefined) throw new Error('a configuration has no canonical form');
  return createHash('sha256').update(text).digest('hex');
}

/** Canonical JSON sorts keys; where their order has a meaning they become a list. */
function entries(value: object | string | null): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : value;
}

function withoutKey(config: unknown, path: string): unknown {
  const keys = path.split('.');
  const parent = keys
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as { readonly [key: string]: unknown } | null)?.[key], config);
  return parent !== null && typeof parent === 'object' ? setSetting(config, keys, null) : config;
}
