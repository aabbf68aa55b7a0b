import type { LossType, Metric, TrialConfig } from './trial-config.js';

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
  /** The one key whose value decides, where it is one. */
  readonly other?: string;
}

/** Keys that go with certain values of another key: path, that other key, its values. */
const GOES_WITH: readonly (readonly [path: string, other: string, values: readonly (string | boolean)[]])[] = [
  ['loss.class_weights', 'loss.type', ['cross_entropy', 'nll']],
  ['loss.smoothing', 'loss.type', ['label_smoothing']],
  ['loss.pos_weight', 'loss.type', ['bce_with_logits']],
  ['loss.margin', 'loss.type', ['hinge']],
  ['loss.gamma', 'loss.type', ['focal']],
  ['optimizer.momentum', 'optimizer.type', ['sgd', 'rmsprop']],
  ['optimizer.nesterov', 'optimizer.type', ['sgd']],
  ['optimizer.betas', 'optimizer.type', ['adam', 'adamw']],
  ['optimizer.alpha', 'optimizer.type', ['rmsprop']],
  ['optimizer.eps', 'optimizer.type', ['adam', 'adamw', 'rmsprop', 'adagrad']],
  ['optimizer.schedule.step_size', 'optimizer.schedule.type', ['step']],
  ['optimizer.schedule.gamma', 'optimizer.schedule.type', ['step', 'exponential', 'plateau']],
  ['optimizer.schedule.min_lr', 'optimizer.schedule.type', ['cosine', 'plateau']],
  ['optimizer.schedule.metric', 'optimizer.schedule.type', ['plateau']],
  ['optimizer.schedule.patience', 'optimizer.schedule.type', ['plateau']],
  ['data.max_tokens', 'task', ['language-model']],
  ['data.sequence.partition', 'task', ['language-model']],
  ['data.sequence.random_offset', 'task', ['language-model']],
  ['train.carry_state', 'task', ['language-model']],
  ['generate', 'task', ['language-model']],
  ['model.pooling', 'task', ['classification']],
  ['data.labels', 'task', ['classification']],
  ['data.sequence.pad', 'task', ['classification']],
  ['data.sequence.truncate', 'task', ['classification']],
  ['data.sequence.packed', 'task', ['classification']],
  ['data.sequence.bucket', 'task', ['classification']],
  ['data.split.shuffle', 'task', ['classification']],
  ['data.split.seed', 'task', ['classification']],
  ['train.shuffle', 'task', ['classification']],
  ['train.drop_last', 'task', ['classification']],
  ['data.match', 'data.format', ['folders']],
  ['data.columns', 'data.format', ['csv', 'jsonl']],
  ['data.header', 'data.format', ['csv']],
  ['data.delimiter', 'data.format', ['csv']],
  ['data.text.lines', 'data.format', ['text']],
  ['data.max_examples', 'data.format', ['folders', 'csv', 'jsonl']],
  ['data.tokens.pattern', 'data.tokens.type', ['words']],
  ['data.tokens.language', 'data.tokens.type', ['words']],
  ['engine.variant', 'engine.name', ['native', 'wasm', 'auto']],
];

/** Every key that does not always apply. What does not apply is refused or warned of, and takes no part in the hash. */
export const ACTIVE_KEYS: readonly ActiveKeyRule[] = [
  ...GOES_WITH.map(([path, other, values]) => goesWith({ path, other, values, severity: 'error' })),
  goesWith({ path: 'model.nonlinearity', other: 'model.cell', values: ['rnn'], severity: 'warning' }),
  goesWith({ path: 'model.init.forget_bias', other: 'model.cell', values: ['lstm'], severity: 'warning' }),
  goesWith({ path: 'data.split.seed', other: 'data.split.shuffle', values: [true], severity: 'warning' }),
  goesWith({ path: 'data.sequence.bucket', other: 'train.shuffle', values: [true], severity: 'warning' }),
  // A model of another cell cannot be built with a projection, so that one useful arm does not excuse the others.
  {
    ...goesWith({ path: 'model.projection', other: 'model.cell', values: ['lstm'], severity: 'error' }),
    everyArm: true,
  },
  {
    path: 'model.init.forget_bias',
    severity: 'error',
    applies: ({ model }) => model.cell !== 'lstm' || model.bias !== false,
    reason: () => 'the model has no biases',
    everyArm: true,
  },
  {
    path: 'model.dropout',
    severity: 'warning',
    applies: ({ model }) => model.layers > 1,
    reason: () => 'it acts between layers, and there is one layer',
    everyArm: true,
  },
  {
    path: 'model.init.bias',
    severity: 'warning',
    applies: ({ model }) => model.bias !== false,
    reason: () => 'the model has no biases',
  },
  {
    path: 'model.init.embedding',
    severity: 'warning',
    applies: ({ model }) => model.embedding !== 'one_hot',
    reason: () => 'a one_hot input has no table',
  },
  {
    path: 'model.head.activation',
    severity: 'warning',
    applies: ({ model }) => model.head.hidden.length > 0,
    reason: () => 'it acts between linear layers, and the head has one',
  },
  {
    path: 'model.pooling',
    severity: 'error',
    applies: ({ loss }) => loss.type !== 'ctc',
    reason: () => 'the ctc loss reads every time step',
  },
  {
    path: 'data.tokens.pattern',
    severity: 'error',
    applies: ({ data }) => data.tokens.language === null,
    reason: ({ data }) => `words of the language \`${data.tokens.language}\` are cut by its own rules`,
  },
  {
    path: 'generate.top_k',
    severity: 'warning',
    applies: ({ generate }) => (generate?.temperature ?? 0) > 0,
    reason: () => 'temperature 0 always takes the likeliest token',
  },
];

/** The keys of a configuration that have no effect in it; configurations that decide them alike share the list. */
export function inactiveKeys(config: TrialConfig): readonly string[] {
  // Asked for every arm, and by several; most are decided as the one before.
  if (config !== configBefore && !decidesAsBefore(config)) {
    const text = decidedBefore.map(String).join(' ');
    let known = inactive.get(text);
    if (known === undefined) {
      known = ACTIVE_KEYS.filter(({ applies }) => !applies(config)).map(({ path }) => path);
      if (inactive.size >= MOST_LISTS) inactive.clear();
      inactive.set(text, known);
    }
    inactiveBefore = known;
  }
  configBefore = config;
  return inactiveBefore;
}

const inactive = new Map<string, readonly string[]>();
const MOST_LISTS = 1000;

let configBefore: TrialConfig | null = null;
let inactiveBefore: readonly string[] = [];

/** Whether nothing that decides of a rule differs from the configuration before, which this one then takes the place of. */
function decidesAsBefore(config: TrialConfig): boolean {
  let same = true;
  for (let n = 0; n < deciders.length; n++) {
    const { section, decide } = deciders[n]!;
    if (section !== null && config[section] === configBefore?.[section]) continue;
    const decided = decide(config);
    if (decided === decidedBefore[n]) continue;
    decidedBefore[n] = decided;
    same = false;
  }
  return same;
}

/** Metrics that make sense for a task. */
export const TASK_METRICS: { readonly [task in TrialConfig['task']]: readonly Metric[] } = {
  classification: ['accuracy', 'precision', 'recall', 'f1', 'roc_auc', 'confusion_matrix'],
  'language-model': ['accuracy', 'perplexity', 'bits_per_character'],
};

/** Losses that make sense for a language model: those over the classes of one step. */
export const LANGUAGE_MODEL_LOSSES: readonly LossType[] = ['cross_entropy', 'label_smoothing', 'nll'];

/** Equal to nothing that a configuration holds. */
const NEVER = Symbol('never');

interface GoesWith {
  readonly path: string;
  readonly other: string;
  readonly values: readonly (string | boolean)[];
  readonly severity: 'error' | 'warning';
}

function goesWith({ path, other, values, severity }: GoesWith): ActiveKeyRule {
  const value = valueAt(other.split('.'));
  const wanted = values.map((name) => `\`${name}\``).join(' or ');
  return {
    path,
    severity,
    other,
    applies: (config) => values.some((name) => name === value(config)),
    reason: (config) => `it applies where \`${other}\` is ${wanted}, found \`${String(value(config))}\``,
  };
}

/** Something that decides of rules, and the one section that it is read from, where it is one. */
interface Decider {
  readonly section: keyof TrialConfig | null;
  readonly decide: (config: TrialConfig) => unknown;
}

/** What decides of all rules: the values of the other keys, and of rules that look at more what they say. */
const deciders: readonly Decider[] = [
  ...[...new Set(ACTIVE_KEYS.flatMap(({ other }) => other ?? []))].map((key): Decider => {
    const keys = key.split('.');
    return { section: keys[0] as keyof TrialConfig, decide: valueAt(keys) };
  }),
  ...ACTIVE_KEYS.filter(({ other }) => other === undefined).map(({ applies }) => ({ section: null, decide: applies })),
];
const decidedBefore: unknown[] = deciders.map(() => NEVER);

/** Reads a key of a resolved configuration, where no short forms are left; planning does so for every arm and rule. */
function valueAt(keys: readonly string[]): (config: TrialConfig) => unknown {
  return (config) => {
    let at: unknown = config;
    for (const key of keys) at = (at as { readonly [key: string]: unknown } | null | undefined)?.[key];
    return at;
  };
}
