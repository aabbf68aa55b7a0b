import type { Pipeline } from '../pipeline/pipeline-types.js';
import { ANY_MEMBER } from '../pipeline/schema.js';
import { expanded, initializerGroups } from '../pipeline/settings.js';
import { defaultOf, filled } from './defaults.js';
import type {
  DataConfig,
  LossConfig,
  ModelConfig,
  OptimizerConfig,
  Task,
  TrainConfig,
  TrialConfig,
} from './trial-config.js';

type Mapping = { readonly [key: string]: unknown };

const EMBEDDING = 'model.embedding';
const HEAD = 'model.head';
const INIT = 'model.init';
const SCHEDULE = 'optimizer.schedule';

/** The task, classification unless it is written. */
export function resolveTask(written: Pipeline['task']): Task {
  return written ?? (defaultOf('task') as Task);
}

/** The loss in its long form. */
export function resolveLoss(written: Pipeline['loss']): LossConfig {
  return filled('loss', long(written ?? defaultOf('loss'), ['loss'])) as unknown as LossConfig;
}

/** The metrics; a language model's perplexity unless they are written. */
export function resolveMetrics(written: Pipeline['metrics'], task: Task): TrialConfig['metrics'] {
  return written ?? (task === 'language-model' ? ['perplexity'] : (defaultOf('metrics') as TrialConfig['metrics']));
}

/** What to generate, null when nothing. */
export function resolveGenerate(written: Pipeline['generate']): TrialConfig['generate'] {
  return optional('generate', written);
}

/** The engine in its long form, not yet settled. */
export function resolveEngine(written: Pipeline['engine']): TrialConfig['engine'] {
  return filled('engine', long(written ?? defaultOf('engine'), ['engine'])) as unknown as TrialConfig['engine'];
}

/** The data section; the task decides whether padding has an index. */
export function resolveData(written: Pipeline['data'], task: Task): DataConfig {
  const data = filled('data', written as unknown as Mapping);
  const text = filled('data.text', written.text as Mapping | undefined);
  const vocabulary = filled('data.vocabulary', written.vocabulary as Mapping | undefined);
  return {
    ...data,
    columns: filled('data.columns', written.columns as Mapping | undefined),
    split: optional('data.split', written.split),
    text: {
      ...text,
      replace: (written.text?.replace ?? []).map((item) => filled(`data.text.replace.${ANY_MEMBER}`, item as Mapping)),
      lines: optional('data.text.lines', written.text?.lines),
    },
    tokens: filled('data.tokens', long(data.tokens, ['data', 'tokens'])),
    vocabulary: { ...vocabulary, padding: vocabulary.padding ?? task !== 'language-model' },
    sequence: filled('data.sequence', written.sequence as Mapping | undefined),
  } as unknown as DataConfig;
}

/** The model section. */
export function resolveModel(written: Pipeline['model']): ModelConfig {
  const model = filled('model', written as unknown as Mapping);
  const { embedding } = written;
  // Set, not copied with other members: there may be a hundred thousand models.
  if (typeof embedding === 'object') model.embedding = shared(EMBEDDING, embedding, resolveEmbedding);
  model.head = shared(HEAD, written.head, resolveHead);
  model.init = shared(INIT, model.init, resolveInit);
  return model as unknown as ModelConfig;
}

function resolveEmbedding(written: Exclude<Pipeline['model']['embedding'], 'one_hot'>): Mapping {
  return {
    ...filled(EMBEDDING, written as unknown as Mapping),
    pretrained: optional('model.embedding.pretrained', written?.pretrained),
  };
}

function resolveHead(written: Pipeline['model']['head']): Mapping {
  return filled(HEAD, written as Mapping | undefined);
}

/** One initialiser per group; an initialiser for all is every group's. */
function resolveInit(init: unknown): Mapping {
  const groups = initializerGroups();
  const forAll =
    typeof init === 'string' ||
    !Object.keys(init as Mapping).some((key) => groups.includes(key) || key === 'forget_bias');
  const named = forAll ? {} : (init as Mapping);
  return {
    ...Object.fromEntries(groups.map((group) => [group, named[group] ?? (forAll ? init : 'pytorch')])),
    forget_bias: named.forget_bias ?? null,
  };
}

/** PyTorch's defaults that differ from optimiser to optimiser. */
const OPTIMIZER_DEFAULTS: {
  readonly [type in OptimizerConfig['type']]: Pick<OptimizerConfig, 'lr' | 'eps' | 'weight_decay'>;
} = {
  sgd: { lr: 0.001, eps: 1e-8, weight_decay: 0 },
  adam: { lr: 0.001, eps: 1e-8, weight_decay: 0 },
  adamw: { lr: 0.001, eps: 1e-8, weight_decay: 0.01 },
  rmsprop: { lr: 0.01, eps: 1e-8, weight_decay: 0 },
  adagrad: { lr: 0.01, eps: 1e-10, weight_decay: 0 },
};

/** The optimiser with PyTorch's defaults. */
export function resolveOptimizer(written: Pipeline['optimizer'] = {}): OptimizerConfig {
  const optimizer = filled('optimizer', written as Mapping);
  const defaults = OPTIMIZER_DEFAULTS[optimizer.type as OptimizerConfig['type']];
  optimizer.lr ??= defaults.lr;
  optimizer.eps ??= defaults.eps;
  optimizer.weight_decay ??= defaults.weight_decay;
  optimizer.schedule = shared(SCHEDULE, written.schedule, resolveSchedule);
  return optimizer as unknown as OptimizerConfig;
}

function resolveSchedule(written: NonNullable<Pipeline['optimizer']>['schedule']): Mapping {
  return filled(SCHEDULE, written as Mapping | undefined);
}

/** The train section; the state is carried over windows that follow one another. */
export function resolveTrain(
  written: Pipeline['train'] = {},
  partition: DataConfig['sequence']['partition'],
): TrainConfig {
  const train = filled('train', written as Mapping);
  train.carry_state = written.carry_state ?? partition === 'sequential';
  train.early_stopping = optional('train.early_stopping', written.early_stopping);
  train.timeout = written.timeout === undefined ? null : seconds(written.timeout);
  return train as unknown as TrainConfig;
}

/** A part as it was resolved before from the same words: the models of a sweep share most of theirs. */
function shared<Written>(path: string, written: Written, resolve: (written: Written) => Mapping): Mapping {
  let parts = sharedParts.get(path);
  if (parts === undefined) {
    parts = new Map();
    sharedParts.set(path, parts);
  }
  let part = parts.get(written);
  if (part === undefined) {
    part = resolve(written);
    if (parts.size >= MOST_SHARED) parts.clear();
    parts.set(written, part);
  }
  return part;
}

const sharedParts = new Map<string, Map<unknown, Mapping>>();
const MOST_SHARED = 1000;

/** A mapping that is off unless it is written. */
function optional<T>(path: string, written: object | undefined): T | null {
  return written === undefined ? null : (filled(path, written as Mapping) as unknown as T);
}

/** The mapping that a short form stands for. */
function long(value: unknown, keys: readonly string[]): Mapping {
  return typeof value === 'string' ? expanded(value, keys) : (value as Mapping);
}

const SECONDS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600 };

/** The seconds of a duration such as `1.5m`. */
export function seconds(duration: string): number {
  return Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1)]!;
}
