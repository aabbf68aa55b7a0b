/**
 * The fully resolved configuration of a trial: a pipeline after the sweep's settings are applied,
 * every default filled in and every short form expanded. Keys are the pipeline's own names.
 * A key that does not apply is null, never absent, so that configurations compare key by key.
 */

import type { NativeVariant, WasmVariant } from './engine-variants.js';

export type Task = 'classification' | 'language-model';

export type DataSource =
  | { readonly file: string }
  | { readonly url: string; readonly md5?: string; readonly sha1?: string; readonly sha256?: string }
  | { readonly npm: string; readonly integrity: string };

/** A member path, or one or several paths per label. */
export type Members = string | { readonly [label: string]: string | readonly string[] };

export interface DataConfig {
  readonly source: DataSource;
  readonly format: 'folders' | 'csv' | 'jsonl' | 'text';
  readonly train: Members | null;
  readonly validation: Members | null;
  readonly test: Members | null;
  readonly match: string;
  readonly columns: { readonly text: string | number; readonly label: string | number };
  readonly header: boolean;
  readonly delimiter: 'comma' | 'tab';
  readonly encoding: 'utf-8' | 'latin1';
  readonly labels: readonly (string | number)[] | { readonly [label: string]: string } | null;
  readonly max_examples: number | null;
  readonly max_tokens: number | null;
  readonly split: {
    readonly train: number | null;
    readonly validation: number | null;
    readonly test: number | null;
    readonly shuffle: boolean;
    readonly seed: number | 'trial';
  } | null;
  readonly text: {
    readonly lowercase: boolean;
    readonly replace: readonly { readonly pattern: string; readonly with: string; readonly ignore_case: boolean }[];
    readonly lines: { readonly strip: boolean; readonly join: string } | null;
  };
  readonly tokens: {
    readonly type: 'words' | 'characters';
    readonly pattern: string;
    readonly language: string | null;
  };
  readonly vocabulary: {
    readonly size: number | null;
    readonly min_count: number;
    readonly unknown: 'index' | 'drop';
    readonly padding: boolean;
  };
  readonly sequence: {
    readonly length: number;
    readonly pad: 'end' | 'start';
    readonly truncate: 'end' | 'start';
    readonly packed: boolean;
    readonly bucket: boolean;
    readonly partition: 'sequential' | 'random';
    readonly random_offset: boolean;
  };
}

export type Initializer =
  | 'pytorch'
  | 'uniform'
  | 'normal'
  | 'xavier_uniform'
  | 'xavier_normal'
  | 'kaiming_uniform'
  | 'kaiming_normal'
  | 'orthogonal'
  | 'zeros'
  | { readonly uniform: number }
  | { readonly normal: number }
  | { readonly constant: number };

export interface InitConfig {
  readonly embedding: Initializer;
  readonly input: Initializer;
  readonly recurrent: Initializer;
  readonly bias: Initializer;
  readonly head: Initializer;
  readonly head_bias: Initializer;
  readonly forget_bias: number | null;
}

export type Cell = 'rnn' | 'gru' | 'lstm';
export type Pooling = 'last' | 'hidden' | 'max' | 'mean' | 'attention';
export type Activation = 'relu' | 'tanh' | 'sigmoid' | 'gelu' | 'none';

export interface EmbeddingConfig {
  readonly dim: number;
  readonly pretrained: {
    readonly source: DataSource;
    readonly member: string | null;
    readonly format: 'glove' | 'word2vec' | 'fasttext' | 'wink';
  } | null;
  readonly freeze: boolean;
  readonly dropout: number;
}

export interface ModelConfig {
  readonly implementation: 'fused' | 'unrolled';
  readonly embedding: 'one_hot' | EmbeddingConfig;
  readonly cell: Cell;
  readonly hidden: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly nonlinearity: 'tanh' | 'relu';
  readonly bias: boolean | 'input';
  readonly dropout: number;
  readonly projection: number | null;
  readonly initial_state: 'zeros' | 'normal';
  readonly pooling: Pooling;
  readonly head: {
    readonly hidden: readonly number[];
    readonly activation: Activation;
    readonly dropout: number;
    readonly outputs: number | null;
  };
  readonly init: InitConfig;
}

export type LossType =
  | 'cross_entropy'
  | 'label_smoothing'
  | 'nll'
  | 'bce_with_logits'
  | 'mse'
  | 'hinge'
  | 'focal'
  | 'ctc';

export interface LossConfig {
  readonly type: LossType;
  readonly class_weights: readonly number[] | null;
  readonly smoothing: number;
  readonly pos_weight: number;
  readonly margin: number;
  readonly gamma: number;
}

export interface ScheduleConfig {
  readonly type: 'constant' | 'step' | 'exponential' | 'cosine' | 'plateau';
  readonly step_size: number;
  readonly gamma: number;
  readonly min_lr: number;
  readonly metric: string;
  readonly patience: number;
  readonly warmup_steps: number;
}

export interface OptimizerConfig {
  readonly type: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad';
  readonly lr: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly betas: readonly [number, number];
  readonly alpha: number;
  readonly eps: number;
  readonly weight_decay: number;
  readonly schedule: ScheduleConfig;
}

export interface TrainConfig {
  readonly epochs: number;
  readonly batch_size: number;
  readonly shuffle: boolean;
  readonly drop_last: boolean;
  readonly carry_state: boolean;
  readonly clip_norm: number | null;
  readonly clip_value: number | null;
  readonly accumulate: number;
  readonly evaluate_every: number;
  readonly early_stopping: {
    readonly metric: string;
    readonly patience: number;
    readonly min_delta: number;
    readonly restore_best: boolean;
  } | null;
  /** Seconds. */
  readonly timeout: number | null;
  /** Batches of each pass, in smoke runs; absent in all others. */
  readonly max_batches?: number;
}

export type Metric =
  | 'accuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'roc_auc'
  | 'confusion_matrix'
  | 'perplexity'
  | 'bits_per_character';

export type EngineName = 'auto' | 'native' | 'wasm' | 'tensorflow' | 'webgpu' | 'cpu';

export interface EngineConfig {
  readonly name: EngineName;
  readonly device: 'any' | 'cpu' | 'gpu';
  readonly variant: NativeVariant | WasmVariant | null;
}

export interface TrialConfig {
  readonly task: Task;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly loss: LossConfig;
  readonly optimizer: OptimizerConfig;
  readonly train: TrainConfig;
  readonly metrics: readonly Metric[];
  readonly generate: {
    readonly prefixes: readonly string[];
    readonly length: number;
    readonly temperature: number;
    readonly top_k: number | null;
  } | null;
  readonly engine: EngineConfig;
}
