import type { Arm } from '../plan/plan.js';
import type { EpochRecord, SplitMetrics, SplitName, TrialResult } from '../trial/result.js';
import { engineText } from './engine-text.js';
import { groupBy } from './group.js';
import { SPLITS } from './load/read-result.js';
import type { ClassSummary, EpochFigure, EpochSummary, ReportArm, SplitClasses, Summaries } from './report-data.js';
import type { TrialData } from './run-data.js';
import { mean, sampleStd } from './statistics/moments.js';
import { type SeededFigures, type SeededValue, summariseFigures, summariseValues } from './summary.js';
import { MOST_EPOCHS, thinnedWithEvaluated } from './thin-epochs.js';

/** One arm over its trials; every figure is over the complete ones. */
export function summariseArm(arm: Arm, trials: readonly TrialData[]): ReportArm {
  const results = trials
    .flatMap(({ state, result }) => (state === 'complete' && result !== null ? [result] : []))
    .sort((a, b) => a.seed - b.seed);
  const described = results[0] ?? trials.find(({ result }) => result?.model)?.result;
  const model = described?.model ?? null;
  const coverage = described?.data?.vector_coverage;
  const { id, label, settings } = arm;
  const owner = trials[0]?.arm ?? id;
  return {
    id,
    label,
    settings,
    same_as: owner === id || trials.some((trial) => trial.arm !== owner) ? null : owner,
    parameters: model !== null && Number.isFinite(model.parameters) ? model.parameters : null,
    model,
    ...(coverage === undefined ? {} : { vector_coverage: coverage }),
    complete: results.length,
    trials: trials.map(({ id: trial, seed, state, result, last_epoch, epochs_planned }) => ({
      id: trial,
      seed,
      state,
      last_epoch,
      epochs_planned,
      engine: result?.engine ? engineText(result.engine) : null,
      weights_digest: result?.weights_digest ?? null,
    })),
    metrics: summariseFigures(results.map((result) => ({ seed: result.seed, figures: finalFigures(result) }))),
    epochs: epochsOf(results),
    classes: SPLITS.flatMap((split) => classesOf(split, results)),
    generated: results.flatMap(({ trial, seed, generated }) =>
      generated === undefined || generated.length === 0 ? [] : [{ trial, seed, texts: generated }],
    ),
  };
}

/** `test.accuracy`, `timing.train_seconds`, … of a finished trial. */
function finalFigures({ metrics, timing, peak_memory_bytes }: TrialResult): SeededFigures['figures'] {
  const figures = splitFigures(metrics);
  for (const [name, value] of Object.entries(timing)) figures.set(`timing.${name}`, value);
  figures.set('timing.peak_memory_bytes', peak_memory_bytes);
  return figures;
}

function splitFigures(splits: { readonly [split in SplitName]?: SplitMetrics | undefined }): Map<string, number> {
  const figures = new Map<string, number>();
  for (const split of SPLITS) {
    for (const [metric, value] of Object.entries(splits[split] ?? {})) {
      if (typeof value === 'number') figures.set(figureName(split, metric), value);
    }
  }
  return figures;
}

/** `test.accuracy`: written once, since a run of ten thousand trials asks for it a million times. */
function figureName(split: SplitName, metric: string): string {
  const known = FIGURE_NAMES[split].get(metric);
  if (known !== undefined) return known;
  const name = `${split}.${metric}`;
  FIGURE_NAMES[split].set(metric, name);
  return name;
}

const FIGURE_NAMES: { readonly [split in SplitName]: Map<string, string> } = {
  train: new Map(),
  validation: new Map(),
  test: new Map(),
};

/** Thinned here, so that every figure and table shows what the report as JSON has. */
function epochsOf(results: readonly TrialResult[]): readonly EpochSummary[] {
  const byEpoch = groupBy(
    results.flatMap((result) => result.epochs),
    ({ epoch }) => epoch,
  );
  const epochs = [...byEpoch.keys()].sort((a, b) => a - b);
  const evaluated = epochs.filter((epoch) => byEpoch.get(epoch)!.some(({ validation, test }) => validation || test));
  return thinnedWithEvaluated(epochs, { evaluated, most: MOST_EPOCHS }).map((epoch) => {
    const values = new Map<string, number[]>();
    for (const record of byEpoch.get(epoch)!) {
      for (const [name, value] of epochFigures(record)) {
        const found = values.get(name) ?? [];
        values.set(name, found);
        if (Number.isFinite(value)) found.push(value);
      }
    }
    return { epoch, metrics: Object.fromEntries([...values].map(([name, found]) => [name, epochFigure(name, found)])) };
  });
}

function epochFigure(name: string, values: readonly number[]): EpochFigure {
  const n = values.length;
  // What a clock says has no more digits worth their place.
  const told = (value: number): number => (name.startsWith('timing.') ? Number(value.toPrecision(6)) : value);
  return { mean: n === 0 ? null : told(mean(values)), std: n < 2 ? null : told(sampleStd(values)), n };
}

function epochFigures(record: EpochRecord): Map<string, number> {
  const figures = splitFigures(record);
  figures.set('timing.lr', record.lr);
  for (const name of ['train_seconds', 'evaluate_seconds', 'batches_per_second', 'tokens_per_second'] as const) {
    figures.set(`timing.${name}`, record[name]);
  }
  return figures;
}

function classesOf(split: SplitName, results: readonly TrialResult[]): readonly SplitClasses[] {
  const measured = results.flatMap(({ seed, metrics, data }) => {
    const figures = metrics[split];
    return figures?.per_class || figures?.confusion_matrix ? [{ seed, figures, classes: data?.classes ?? [] }] : [];
  });
  if (measured.length === 0) return [];
  const perClass = measured.flatMap(({ seed, figures }) =>
    (figures.per_class ?? []).map((entry) => ({ seed, ...entry })),
  );
  const matrices = measured.flatMap(({ figures }) => (figures.confusion_matrix ? [figures.confusion_matrix] : []));
  const labels =
    measured[0]!.classes.length > 0 ? measured[0]!.classes : [...new Set(perClass.map(({ label }) => label))];
  return [
    {
      split,
      per_class: [...groupBy(perClass, ({ label }) => label)].map(([label, entries]) => classSummary(label, entries)),
      confusion_matrix: sumOf(matrices),
      labels,
    },
  ];
}

type ClassFigure = 'precision' | 'recall' | 'f1' | 'support';
type SeededClass = { readonly seed: number } & { readonly [figure in ClassFigure]: number };

function classSummary(label: string, entries: readonly SeededClass[]): ClassSummary {
  const over = (figure: ClassFigure): Summaries[string] =>
    summariseValues(entries.map((entry): SeededValue => ({ seed: entry.seed, value: entry[figure] })));
  return { label, precision: over('precision'), recall: over('recall'), f1: over('f1'), support: over('support') };
}

/** The sum of matrices of one size; those of another size than the first are left out. */
function sumOf(matrices: readonly (readonly (readonly number[])[])[]): readonly (readonly number[])[] | null {
  const first = matrices[0];
  if (first === undefined) return null;
  const same = matrices.filter((matrix) => matrix.length === first.length);
  return first.map((row, i) => row.map((_, j) => same.reduce((sum, matrix) => sum + matrix[i]![j]!, 0)));
}
