import type { EngineInfo } from '../engine/engine-info.js';

/** How a trial ended. A fate is data, not an exception. */
export type TrialState = 'complete' | 'failed' | 'diverged' | 'timed_out' | 'killed' | 'cancelled' | 'skipped';

export type SplitName = 'train' | 'validation' | 'test';

export interface ClassMetrics {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

/** Figures of one split. Means are over samples; `_over_batches` are means over batches, as many reports print them. */
export interface SplitMetrics {
  readonly loss: number;
  readonly loss_over_batches?: number;
  readonly accuracy?: number;
  readonly accuracy_over_batches?: number;
  /** Macro averages. */
  readonly precision?: number;
  readonly recall?: number;
  readonly f1?: number;
  readonly roc_auc?: number;
  readonly perplexity?: number;
  readonly bits_per_character?: number;
  readonly per_class?: readonly ClassMetrics[];
  /** [actual class][predicted class] = count. */
  readonly confusion_matrix?: readonly (readonly number[])[];
}

/** One line of metrics.ndjson and one entry of result.json's `epochs`. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Figures of the training batches as they were trained on (running, not re-evaluated). */
  readonly train: SplitMetrics;
  readonly validation?: SplitMetrics;
  readonly test?: SplitMetrics;
  readonly lr: number;
  readonly train_seconds: number;
  readonly evaluate_seconds: number;
  readonly batches: number;
  readonly batches_per_second: number;
  readonly tokens_per_second: number;
}

/** result.json in a trial's folder. */
export interface TrialResult {
  readonly schema: 1;
  readonly trial: string;
  readonly arm: string;
  readonly seed: number;
  readonly hash: string;
  readonly state: TrialState;
  /** The figures at the end (or of the restored best epoch). */
  readonly metrics: { readonly [split in SplitName]?: SplitMetrics };
  readonly epochs: readonly EpochRecord[];
  readonly timing: {
    readonly total_seconds: number;
    readonly startup_seconds: number;
    readonly data_seconds: number;
    readonly train_seconds: number;
    readonly evaluate_seconds: number;
    readonly predict_seconds?: number;
    readonly batches_per_second: number;
    readonly tokens_per_second: number;
  };
  readonly engine: EngineInfo | null;
  readonly model: {
    /** As PyTorch prints a module. */
    readonly text: string;
    readonly parameters: number;
    readonly trainable_parameters: number;
  } | null;
  readonly data: {
    readonly digest: string;
    readonly source_digest: string;
    readonly vocabulary: number;
    readonly classes: readonly string[];
    /** Examples (or tokens) per split. */
    readonly counts: { readonly [split in SplitName]?: number };
    /** Examples per class of the training split. */
    readonly class_counts?: readonly number[];
    /** The share of the vocabulary's words that the pretrained vectors have, from 0 to 1. */
    readonly vector_coverage?: number;
  } | null;
  readonly generated?: readonly { readonly prefix: string; readonly text: string }[];
  /** sha256 over the final parameters, in the order of the state dict. */
  readonly weights_digest?: string;
  readonly peak_memory_bytes: number;
  readonly warnings: readonly string[];
  /** `<run>/<trial>`: the trial of an earlier run that has this result; its timing is that trial's. */
  readonly reused_from?: string;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly stack?: string;
  };
}
