import type { Path } from '../../pipeline/path.js';
import type { SettingValue } from '../plan.js';
import { ORIGIN, type Point } from '../point.js';
import { type Seeds, seedList } from '../seeds.js';
import { slugOf } from '../setting-name.js';

/** A named variant with its settings. */
export interface Variant {
  readonly name: string;
  readonly set?: { readonly [path: string]: SettingValue };
  readonly seeds?: Seeds;
}

/** The named variants, one point each. */
export function listPoints(variants: readonly Variant[], at: Path): readonly Point[] {
  return variants.map(({ name, set = {}, seeds }, index) => ({
    ...ORIGIN,
    settings: Object.entries(set).map(([path, value]) => ({ path, value, origin: [...at, index, 'set', path] })),
    names: [{ text: name, slug: slugOf(name) }],
    seeds: seeds === undefined ? null : seedList(seeds),
  }));
}
