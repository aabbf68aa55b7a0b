import type { Summaries, Summary } from './report-data.js';
import { mean, meanInterval, sampleStd } from './statistics/moments.js';

export interface SeededValue {
  readonly seed: number;
  readonly value: number;
}

/** The figures of one trial by name. */
export interface SeededFigures {
  readonly seed: number;
  readonly figures: ReadonlyMap<string, number>;
}

/** Every figure over the trials that have it, in the order in which figures first appear. */
export function summariseFigures(trials: readonly SeededFigures[]): Summaries {
  const byName = new Map<string, SeededValue[]>();
  for (const { seed, figures } of trials) {
    for (const [name, value] of figures) {
      const values = byName.get(name);
      if (values === undefined) byName.set(name, [{ seed, value }]);
      else values.push({ seed, value });
    }
  }
  return Object.fromEntries([...byName].map(([name, values]) => [name, summariseValues(values)]));
}

/** Mean, spread and interval over the finite values. */
export function summariseValues(all: readonly SeededValue[]): Summary {
  const finite = all.filter(({ value }) => Number.isFinite(value));
  const values = finite.map(({ value }) => value);
  return {
    mean: values.length === 0 ? null : mean(values),
    std: values.length < 2 ? null : sampleStd(values),
    interval: meanInterval(values),
    n: values.length,
    values,
    seeds: finite.map(({ seed }) => seed),
    not_finite: all.filter(({ value }) => !Number.isFinite(value)).map(({ seed }) => seed),
  };
}

/** The mean of the figures that several arms have of one seed, rid of its last bits: equal means have no spread. */
export function meanOfArms(values: readonly number[]): number {
  return values.length === 1 ? values[0]! : Number(mean(values).toPrecision(12));
}
