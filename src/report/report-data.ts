import type { ClaimOutcome } from '../expect/evaluate-claims.js';
import type { Arm } from '../plan/plan.js';
import type { Task } from '../plan/trial-config.js';
import type { RunInfo } from '../run/journal-events.js';
import type { SplitName } from '../trial/result.js';
import type { Ablation } from './ablation/effects.js';
import type { AxisImportance } from './ablation/importance.js';
import type { ReportSettings } from './load/report-settings.js';
import type { PivotTable } from './pivot.js';
import type { ReportReference } from './references.js';
import type { ReportedState, RunClock, RunProblem } from './run-data.js';
import type { Comparison } from './statistics/comparison.js';
import type { ArmGroup } from './statistics/groups.js';

/** One figure over the complete trials of an arm. */
export interface Summary {
  /** Null when no value is a number. */
  readonly mean: number | null;
  /** Of the sample (n − 1); null with fewer than two values. */
  readonly std: number | null;
  /** 95 % confidence interval of the mean (Student's t); null with fewer than two values. */
  readonly interval: readonly [number, number] | null;
  readonly n: number;
  /** In the order of `seeds`. */
  readonly values: readonly number[];
  readonly seeds: readonly number[];
  /** Seeds whose figure is not a finite number: in none of the above. */
  readonly not_finite: readonly number[];
}

/** By `<split>.<metric>` or `timing.<figure>`. */
export interface Summaries {
  readonly [metric: string]: Summary;
}

/** One figure of an epoch over the complete trials of an arm that reached it. */
export interface EpochFigure {
  /** Null when no value is a number. */
  readonly mean: number | null;
  /** Of the sample (n − 1); null with fewer than two values. */
  readonly std: number | null;
  readonly n: number;
}

export interface EpochSummary {
  readonly epoch: number;
  readonly metrics: { readonly [metric: string]: EpochFigure };
}

export interface ClassSummary {
  readonly label: string;
  readonly precision: Summary;
  readonly recall: Summary;
  readonly f1: Summary;
  readonly support: Summary;
}

/** The classes of one split of one arm. */
export interface SplitClasses {
  readonly split: SplitName;
  readonly per_class: readonly ClassSummary[];
  /** [actual][predicted], summed over seeds; null when it was not measured. */
  readonly confusion_matrix: readonly (readonly number[])[] | null;
  readonly labels: readonly string[];
}

interface ReportTrial {
  readonly id: string;
  readonly seed: number;
  readonly state: ReportedState;
  readonly last_epoch: number;
  readonly epochs_planned: number | null;
  readonly engine: string | null;
  readonly weights_digest: string | null;
}

interface ReportModel {
  readonly text: string;
  readonly parameters: number;
  readonly trainable_parameters: number;
}

export interface ReportArm extends Omit<Arm, 'trial_ids'> {
  /** The id of the arm whose trials these are, where the settings of both mean the same; null otherwise. */
  readonly same_as: string | null;
  readonly parameters: number | null;
  readonly model: ReportModel | null;
  /** The share of the vocabulary's words that the pretrained vectors have, from 0 to 1; absent without such vectors. */
  readonly vector_coverage?: number;
  /** Complete trials: the n of every figure that is a number. */
  readonly complete: number;
  readonly trials: readonly ReportTrial[];
  readonly metrics: Summaries;
  /** In order; of long trainings about a hundred, evenly spaced, with the first, the last and the evaluated. */
  readonly epochs: readonly EpochSummary[];
  readonly classes: readonly SplitClasses[];
  readonly generated: readonly {
    readonly trial: string;
    readonly seed: number;
    readonly texts: readonly { readonly prefix: string; readonly text: string }[];
  }[];
}

/** A trial that is not complete, and why. */
export interface ReportFailure {
  readonly trial: string;
  readonly arm: string;
  readonly seed: number;
  readonly state: ReportedState;
  readonly code: string | null;
  readonly message: string | null;
  readonly hint: string | null;
  readonly last_epoch: number;
  readonly epochs_planned: number | null;
  /** Relative to the run folder; null when the trial never started. */
  readonly log: string | null;
}

/** One warning and the trials that gave it. */
export interface ReportWarning {
  readonly message: string;
  readonly trials: readonly string[];
}

/** What the trials say of their data; one entry for each different digest. */
export interface ReportDataset {
  readonly digest: string;
  readonly source_digest: string;
  readonly vocabulary: number;
  readonly classes: readonly string[];
  readonly counts: { readonly [split in SplitName]?: number };
  readonly class_counts: readonly number[] | null;
  readonly arms: readonly string[];
}

export interface ReportRun {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly task: Task | null;
  /** Where the data came from, each source once. */
  readonly sources: readonly string[];
  readonly info: RunInfo | null;
  readonly clock: RunClock;
  /** Trials per state; states that no trial is in are absent. */
  readonly trials: { readonly total: number } & { readonly [state in ReportedState]?: number };
  readonly seeds: readonly number[];
  /** `native (avx2), 1 thread` and so on, each once. */
  readonly engines: readonly string[];
  readonly datasets: readonly ReportDataset[];
}

/** A run in figures: what `report --format json` prints and what every other format is made from. */
export interface ReportData {
  readonly schema: 1;
  readonly run: ReportRun;
  readonly arms: readonly ReportArm[];
  /** The id of the arm that the others are compared with; null when each is compared with each. */
  readonly baseline: string | null;
  readonly tables: readonly PivotTable[];
  readonly references: readonly ReportReference[];
  readonly comparisons: readonly Comparison[];
  /** Arms that cannot be told apart. */
  readonly groups: readonly ArmGroup[];
  /** Null for sweeps that are no ablation. */
  readonly ablation: Ablation | null;
  readonly importance: readonly AxisImportance[];
  /** The pipeline's claims, in its order. */
  readonly claims: readonly ClaimOutcome[];
  readonly failures: readonly ReportFailure[];
  readonly warnings: readonly ReportWarning[];
  readonly problems: readonly RunProblem[];
  /** The pipeline's `report` block with its defaults. */
  readonly report: ReportSettings;
}
