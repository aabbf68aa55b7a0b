import type { DataConfig, TrialConfig } from '../../plan/trial-config.js';
import { type StepSizes, stepShape } from '../../run/step-shape.js';
import { type StepTiming, timeEngine } from '../../run/time-engine.js';
import { scaledTime, type TimedConfig, type TimeEstimate } from '../../run/time-estimate.js';
import { trialCost } from '../../run/trial-cost.js';
import type { DataFacts } from './plan-data.js';

/** Steps of one shape, timed on the engine that would train it. */
export interface ProbedShape {
  /** The first trial that has such steps, and how many have. */
  readonly trial: string;
  readonly trials: number;
  readonly engine: string;
  readonly timing: StepTiming;
}

/** What timed steps tell of the trials of a plan. */
export interface Probe {
  readonly shapes: readonly ProbedShape[];
  readonly timeOf: (config: TrialConfig) => TimeEstimate | null;
  /** What the estimates take for granted. */
  readonly guessed: readonly string[];
}

/** A trial as it would run: its engine settled. */
export interface ProbedTrial {
  readonly id: string;
  readonly config: TrialConfig;
}

export interface ProbeOptions {
  readonly dataOf: (config: TrialConfig) => DataFacts;
  /** Called before each shape is timed. */
  readonly onShape?: (shape: { readonly index: number; readonly total: number; readonly trial: string }) => void;
}

/** More shapes than this are not timed, those that compute most excepted: the others are scaled from them. */
const MOST_SHAPES = 12;
/** Where neither the data nor the configuration says. */
const UNKNOWN = { classification: 10_000, 'language-model': 200_000 };

/** Times a few steps of every different shape, one after another, each in a process of its own. */
export async function probe(trials: readonly ProbedTrial[], { dataOf, onShape }: ProbeOptions): Promise<Probe> {
  const shapes = new Map<string, { readonly first: ProbedTrial; trials: number; cost: number }>();
  const shapeOf = (config: TrialConfig): string => stepShape(config, sizesOf(config, dataOf(config)));
  for (const trial of trials) {
    const key = shapeOf(trial.config);
    const known = shapes.get(key);
    if (known === undefined) shapes.set(key, { first: trial, trials: 1, cost: trialCost(trial.config) });
    else known.trials++;
  }
  const chosen = [...shapes].sort(([, a], [, b]) => b.cost * b.trials - a.cost * a.trials).slice(0, MOST_SHAPES);
  const probed = new Map<string, ProbedShape>();
  const timed: TimedConfig[] = [];
  for (const [key, { first, trials: count }] of chosen) {
    onShape?.({ index: probed.size, total: chosen.length, trial: first.id });
    const { config } = first;
    const timing = await timeEngine({ config, sizes: sizesOf(config, dataOf(config)) });
    const { name, variant } = config.engine;
    const engine = variant === null ? name : `${name} (${variant})`;
    probed.set(key, { trial: first.id, trials: count, engine, timing });
    if (timing.works) timed.push({ config, ...secondsOf(config, dataOf(config), timing) });
  }
  return {
    shapes: [...probed.values()],
    guessed: guesses(trials, dataOf),
    timeOf: (config) => {
      const timing = probed.get(shapeOf(config))?.timing;
      if (timing?.works !== true) return scaledTime(config, timed);
      const { fixed, variable } = secondsOf(config, dataOf(config), timing);
      return { seconds: fixed + variable, basis: 'probed' };
    },
  };
}

function sizesOf({ data }: TrialConfig, { vocabulary, classes, length, cached }: DataFacts): StepSizes {
  return { vocabulary, classes, time: cached === null ? data.sequence.length : length };
}

type Timing = Extract<StepTiming, { works: true }>;

/** What a trial takes by its timed steps, if it trains to its last epoch. */
function secondsOf(config: TrialConfig, facts: DataFacts, timing: Timing): Pick<TimedConfig, 'fixed' | 'variable'> {
  const { epochs, evaluate_every } = config.train;
  const evaluations = Math.ceil(epochs / evaluate_every);
  const batches = (split: 'train' | 'validation' | 'test'): number => {
    const amount = sizeOf(split, config, facts).amount / rowsOf(config);
    return split === 'train' && config.train.drop_last ? Math.floor(amount) : Math.ceil(amount);
  };
  const held = batches('validation') + batches('test');
  const variable =
    (epochs * batches('train')) / timing.steps_per_second + (evaluations * held) / timing.evaluations_per_second;
  return { fixed: timing.startup_seconds, variable };
}

/** Examples of a batch, or tokens. */
function rowsOf({ task, data, train }: TrialConfig): number {
  return train.batch_size * (task === 'language-model' ? data.sequence.length : 1);
}

interface SplitSize {
  /** Examples, or tokens of a running text. */
  readonly amount: number;
  readonly guessed: boolean;
}

/** How large a split is: as the data says, else as the configuration asks, else as most are. */
function sizeOf(split: 'train' | 'validation' | 'test', { task, data }: TrialConfig, { cached }: DataFacts): SplitSize {
  if (cached !== null) return { amount: cached.counts[split] ?? 0, guessed: false };
  const asked = data.split?.[split] ?? null;
  if (asked !== null && asked > 1) return { amount: asked, guessed: false };
  if (split !== 'train' && asked === null && data[split] === null) return { amount: 0, guessed: false };
  const most = wholeOf(task, data);
  const share = asked ?? (split === 'train' ? 1 - held(data) : 1);
  return { amount: most * share, guessed: true };
}

function wholeOf(task: TrialConfig['task'], data: DataConfig): number {
  return (task === 'language-model' ? data.max_tokens : data.max_examples) ?? UNKNOWN[task];
}

function held({ split }: DataConfig): number {
  const share = (part: number | null | undefined): number => (typeof part === 'number' && part < 1 ? part : 0);
  return share(split?.validation) + share(split?.test);
}

function guesses(trials: readonly ProbedTrial[], dataOf: ProbeOptions['dataOf']): readonly string[] {
  const found = new Set<string>();
  for (const { config } of trials) {
    const facts = dataOf(config);
    const { amount, guessed } = sizeOf('train', config, facts);
    if (guessed) {
      const unit = config.task === 'language-model' ? 'tokens' : 'examples';
      found.add(`${Math.round(amount).toLocaleString('en')} ${unit} to train on: the data is not in the cache yet`);
    }
    if (facts.vocabulary === null) found.add('the size of the vocabulary: the data is not in the cache yet');
    if (config.train.early_stopping !== null) found.add('that no training stops early');
  }
  return [...found];
}
