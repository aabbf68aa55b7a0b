import type { LossType, Metric, OptimizerConfig, ScheduleConfig, TrialConfig } from './trial-config.js';

/** A key that has an effect only under a condition. */
export interface ActiveKeyRule {
  readonly path: string;
  readonly applies: (config: TrialConfig) => boolean;
  /** Why it has no effect, where it does not apply. */
  readonly reason: (config: TrialConfig) => string;
  /** `error` where a written key can only be a misunderstanding. */
  readonly severity: 'error' | 'warning';
  /** Told for every arm in which it does nothing; otherwise only when it does nothing in all arms. */
  readonly everyArm?: true;
}

const languageModel = (path: string): ActiveKeyRule =>
  rule(
    path,
    'error',
    ({ task }) => task === 'language-model',
    () => `it is for language models, and \`task\` is \`classification\``,
  );
const classification = (path: string): ActiveKeyRule =>
  rule(
    path,
    'error',
    ({ task }) => task === 'classification',
    () => `it is for classification, and \`task\` is \`language-model\``,
  );
const loss = (path: string, types: readonly LossType[]): ActiveKeyRule =>
  rule(
    `loss.${path}`,
    'error',
    (config) => types.includes(config.loss.type),
    (config) => `it is for ${types.join(' and ')}, and the loss is \`${config.loss.type}\``,
  );
const optimizer = (path: string, types: readonly OptimizerConfig['type'][]): ActiveKeyRule =>
  rule(
    `optimizer.${path}`,
    'error',
    (config) => types.includes(config.optimizer.type),
    (config) => `it is for ${types.join(' and ')}, and the optimizer is \`${config.optimizer.type}\``,
  );
const schedule = (path: string, types: readonly ScheduleConfig['type'][]): ActiveKeyRule =>
  rule(
    `optimizer.schedule.${path}`,
    'error',
    (config) => types.includes(config.optimizer.schedule.type),
    (config) => `it is for ${types.join(' and ')}, and the schedule is \`${config.optimizer.schedule.type}\``,
  );
const format = (path: string, formats: readonly TrialConfig['data']['format'][]): ActiveKeyRule =>
  rule(
    `data.${path}`,
    'error',
    ({ data }) => formats.includes(data.format),
    ({ data }) => `it is for ${formats.join(' and ')}, and \`data.format\` is \`${data.format}\``,
  );

/** Every key that does not always apply. What does not apply is refused or warned of, and takes no part in the hash. */
export const ACTIVE_KEYS: readonly ActiveKeyRule[] = [
  {
    ...rule(
      'model.dropout',
      'warning',
      ({ model }) => model.layers > 1,
      () => 'it acts between layers, and there is one layer',
    ),
    everyArm: true,
  },
  rule(
    'model.nonlinearity',
    'warning',
    ({ model }) => model.cell === 'rnn',
    ({ model }) => `it is for the rnn cell, and the cell is \`${model.cell}\``,
  ),
  rule(
    'model.projection',
    'error',
    ({ model }) => model.cell === 'lstm',
    ({ model }) => `it is for the lstm cell, and the cell is \`${model.cell}\``,
  ),
  rule(
    'model.init.forget_bias',
    'warning',
    ({ model }) => model.cell === 'lstm',
    ({ model }) => `it is for the lstm cell, and the cell is \`${model.cell}\``,
  ),
  rule(
    'model.init.bias',
    'warning',
    ({ model }) => model.bias !== false,
    () => 'the model has no biases',
  ),
  rule(
    'model.init.embedding',
    'warning',
    ({ model }) => model.embedding !== 'one_hot',
    () => 'a one_hot input has no table',
  ),
  rule(
    'model.head.activation',
    'warning',
    ({ model }) => model.head.hidden.length > 0,
    () => 'it acts between linear layers, and the head has one',
  ),
  classification('model.pooling'),
  rule(
    'model.pooling',
    'error',
    (config) => config.loss.type !== 'ctc',
    () => 'the ctc loss reads every time step',
  ),
  loss('class_weights', ['cross_entropy', 'nll']),
  loss('smoothing', ['label_smoothing']),
  loss('pos_weight', ['bce_with_logits']),
  loss('margin', ['hinge']),
  loss('gamma', ['focal']),
  optimizer('momentum', ['sgd', 'rmsprop']),
  optimizer('nesterov', ['sgd']),
  optimizer('betas', ['adam', 'adamw']),
  optimizer('alpha', ['rmsprop']),
  optimizer('eps', ['adam', 'adamw', 'rmsprop', 'adagrad']),
  schedule('step_size', ['step']),
  schedule('gamma', ['step', 'exponential', 'plateau']),
  schedule('min_lr', ['cosine', 'plateau']),
  schedule('metric', ['plateau']),
  schedule('patience', ['plateau']),
  languageModel('data.max_tokens'),
  languageModel('data.sequence.partition'),
  languageModel('data.sequence.random_offset'),
  languageModel('train.carry_state'),
  languageModel('generate'),
  classification('data.labels'),
  classification('data.sequence.pad'),
  classification('data.sequence.truncate'),
  classification('data.sequence.packed'),
  classification('data.sequence.bucket'),
  format('match', ['folders']),
  format('columns', ['csv', 'jsonl']),
  format('header', ['csv']),
  format('delimiter', ['csv']),
  format('text.lines', ['text']),
  format('max_examples', ['folders', 'csv', 'jsonl']),
  rule(
    'data.tokens.pattern',
    'error',
    ({ data }) => data.tokens.type === 'words',
    () => 'it is for words, and the tokens are characters',
  ),
  rule(
    'data.tokens.pattern',
    'error',
    ({ data }) => data.tokens.language === null,
    ({ data }) => `words of the language \`${data.tokens.language}\` are cut by its own rules`,
  ),
  rule(
    'data.tokens.language',
    'error',
    ({ data }) => data.tokens.type === 'words',
    () => 'it is for words, and the tokens are characters',
  ),
  rule(
    'data.split.seed',
    'warning',
    ({ data }) => data.split?.shuffle !== false,
    () => 'the examples are not shuffled',
  ),
  rule(
    'generate.top_k',
    'warning',
    ({ generate }) => (generate?.temperature ?? 0) > 0,
    () => 'temperature 0 always takes the likeliest token',
  ),
  rule(
    'engine.variant',
    'error',
    ({ engine }) => engine.name === 'native' || engine.name === 'auto',
    ({ engine }) => `it is for the native engine, and the engine is \`${engine.name}\``,
  ),
];

/** The keys of a configuration that have no effect in it. */
export function inactiveKeys(config: TrialConfig): readonly string[] {
  return ACTIVE_KEYS.filter(({ applies }) => !applies(config)).map(({ path }) => path);
}

/** Metrics that make sense for a task. */
export const TASK_METRICS: { readonly [task in TrialConfig['task']]: readonly Metric[] } = {
  classification: ['accuracy', 'precision', 'recall', 'f1', 'roc_auc', 'confusion_matrix'],
  'language-model': ['accuracy', 'perplexity', 'bits_per_character'],
};

/** Losses that make sense for a language model: those over the classes of one step. */
export const LANGUAGE_MODEL_LOSSES: readonly LossType[] = ['cross_entropy', 'label_smoothing', 'nll'];

function rule(
  path: string,
  severity: 'error' | 'warning',
  applies: ActiveKeyRule['applies'],
  reason: ActiveKeyRule['reason'],
): ActiveKeyRule {
  return { path, applies, reason, severity };
}
