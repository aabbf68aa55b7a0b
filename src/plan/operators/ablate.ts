import type { Path } from '../../pipeline/path.js';
import type { SettingValue } from '../plan.js';
import { ORIGIN, type Point, type Setting } from '../point.js';
import { slugOf } from '../setting-name.js';
import { fractionalDesign, isPresent } from './fraction.js';

type Settings = { readonly [path: string]: SettingValue };

/** A base and named changes of it. */
export interface Ablation {
  readonly mode?: 'one_at_a_time' | 'leave_one_out' | 'cumulative' | 'factorial';
  readonly base?: Settings;
  readonly factors: { readonly [name: string]: Settings };
  /** factorial: `1/2`, `1/4`, … of the subsets. */
  readonly fraction?: string;
}

/** One point per subset of the factors that the mode asks for; factors apply in the order in which they are written. */
export function ablatePoints(ablation: Ablation, at: Path): readonly Point[] {
  const names = Object.keys(ablation.factors);
  return ablateSubsets(ablation, at).map(({ present, settings }) => ({
    ...ORIGIN,
    settings,
    names: [nameOf(present, names, ablation.mode)],
  }));
}

/** A subset of an ablation's factors. */
export interface AblateSubset {
  /** For each factor, whether it is there. */
  readonly present: readonly boolean[];
  /** What the base and these factors set. */
  readonly settings: readonly Setting[];
}

/** The subsets that the mode asks for, in order. */
export function ablateSubsets(ablation: Ablation, at: Path = []): readonly AblateSubset[] {
  const base = settingsOf(ablation.base ?? {}, [...at, 'base']);
  const changes = Object.entries(ablation.factors).map(([name, settings]) =>
    settingsOf(settings, [...at, 'factors', name]),
  );
  return subsets(ablation).map((present) => ({
    present,
    settings: withoutOverridden([...base, ...changes.flatMap((settings, k) => (present[k] ? settings : []))]),
  }));
}

/** How many points the ablation has; Infinity beyond what a number holds. */
export function ablateCount({ mode = 'one_at_a_time', factors, fraction }: Ablation): number {
  const k = Object.keys(factors).length;
  if (mode !== 'factorial') return k + 1;
  return fraction === undefined ? 2 ** k : Math.max(1, 2 ** k / denominatorOf(fraction));
}

/** 8 of `1/8`. */
export function denominatorOf(fraction: string): number {
  return Number(fraction.slice(2));
}

function subsets({ mode = 'one_at_a_time', factors, fraction }: Ablation): readonly (readonly boolean[])[] {
  const names = Object.keys(factors);
  const rows = Array.from({ length: names.length + 1 }, (_, row) => row);
  switch (mode) {
    case 'one_at_a_time':
      return rows.map((row) => names.map((_, k) => k === row - 1));
    case 'leave_one_out':
      return rows.map((row) => names.map((_, k) => k !== row - 1));
    case 'cumulative':
      return rows.map((row) => names.map((_, k) => k < row));
    case 'factorial': {
      const design = fractionalDesign(names.length, fraction === undefined ? 1 : denominatorOf(fraction));
      if (design === null) throw new Error('a fraction that does not exist passed the checks');
      return Array.from({ length: 2 ** design.independent }, (_, row) =>
        names.map((_, k) => isPresent(design, k, row)),
      );
    }
  }
}

function settingsOf(settings: Settings, at: Path): readonly Setting[] {
  return Object.entries(settings).map(([path, value]) => ({ path, value, origin: [...at, path] }));
}

/** A factor wins over the base, and a later factor over an earlier one. */
function withoutOverridden(settings: readonly Setting[]): readonly Setting[] {
  const last = new Map(settings.map(({ path }, index) => [path, index]));
  return settings.filter(({ path }, index) => last.get(path) === index);
}

function nameOf(subset: readonly boolean[], names: readonly string[], mode: Ablation['mode']): Point['names'][number] {
  const chosen = names.filter((_, k) => subset[k]);
  const left = names.filter((_, k) => !subset[k]);
  if (mode === 'leave_one_out') {
    if (left.length === 0) return { text: 'all', slug: 'all' };
    return { text: left.map((name) => `− ${name}`).join(' '), slug: `without-${slugs(left)}` };
  }
  if (chosen.length === 0) return { text: 'base', slug: 'base' };
  return { text: chosen.map((name) => `+ ${name}`).join(' '), slug: slugs(chosen) };
}

function slugs(names: readonly string[]): string {
  return names
    .map(slugOf)
    .filter((slug) => slug !== '')
    .join('-');
}
