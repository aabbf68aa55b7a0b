import type { Dataset } from '../../data/dataset.js';
import { cachedDataset } from '../../data/load-dataset.js';
import { labelCount } from '../../plan/checks/labels.js';
import type { Plan } from '../../plan/plan.js';
import type { DataConfig, TrialConfig } from '../../plan/trial-config.js';

/** What is known of the data of a configuration before it runs. */
export interface DataFacts {
  /** Special tokens included; null when nothing says. */
  readonly vocabulary: number | null;
  readonly classes: number | null;
  /** T: the length of a row; the longest that it may have where the data is not here. */
  readonly length: number;
  /** The encoded data, where it is in the cache. */
  readonly cached: CachedData | null;
}

export interface CachedData {
  readonly digest: string;
  /** Examples, or tokens of a running text. */
  readonly counts: { readonly [split: string]: number };
  /** Examples of each class per split; none of a running text. */
  readonly classes: readonly { readonly name: string; readonly counts: { readonly [split: string]: number } }[];
}

/** More data sets than this are not looked up: each one is read whole. */
const MOST_DATASETS = 8;
const SPLITS = ['train', 'validation', 'test'] as const;

/** Facts of every different data section of a plan, from the cache where it has them. */
export async function planData(plan: Plan, workingDirectory: string): Promise<(config: TrialConfig) => DataFacts> {
  const facts = new Map<DataConfig, DataFacts>();
  const texts = new Map<string, DataFacts>();
  for (const { config, seed } of plan.trials) {
    if (facts.has(config.data)) continue;
    const key = JSON.stringify([config.task, config.data]);
    let found = texts.get(key);
    if (found === undefined) {
      const { task, data } = config;
      const dataset =
        texts.size >= MOST_DATASETS
          ? null
          : await cachedDataset(data, { task, seed, working_directory: workingDirectory });
      found = dataset === null ? factsOfConfig(data) : factsOfDataset(dataset, data);
      texts.set(key, found);
    }
    facts.set(config.data, found);
  }
  return (config) => facts.get(config.data) ?? factsOfConfig(config.data);
}

/** The most that the configuration lets the vocabulary be, and what it says of the labels. */
function factsOfConfig(data: DataConfig): DataFacts {
  const { size, padding, unknown } = data.vocabulary;
  return {
    vocabulary: size === null ? null : size + (padding ? 1 : 0) + (unknown === 'index' ? 1 : 0),
    classes: labelCount(data),
    length: data.sequence.length,
    cached: null,
  };
}

function factsOfDataset(dataset: Dataset, data: DataConfig): DataFacts {
  const classification = dataset.task === 'classification';
  const counts: { [split: string]: number } = {};
  for (const split of SPLITS) {
    const part = dataset[split];
    if (part !== null) counts[split] = 'count' in part ? part.count : part.ids.length;
  }
  return {
    vocabulary: dataset.vocabulary.tokens.length,
    classes: classification ? dataset.classes.length : null,
    length: classification ? dataset.length : data.sequence.length,
    cached: { digest: dataset.digest, counts, classes: classification ? classCounts(dataset) : [] },
  };
}

function classCounts(dataset: Extract<Dataset, { task: 'classification' }>): CachedData['classes'] {
  return dataset.classes.map((name, index) => {
    const counts: { [split: string]: number } = {};
    for (const split of SPLITS) {
      const part = dataset[split];
      if (part !== null) counts[split] = part.labels.reduce((sum, label) => sum + (label === index ? 1 : 0), 0);
    }
    return { name, counts };
  });
}
