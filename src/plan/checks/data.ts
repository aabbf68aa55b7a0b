import { type ArmProblem, armCheck, armError } from '../arm-problem.js';
import type { DataConfig, TrainConfig } from '../trial-config.js';

const PARTS = ['train', 'validation', 'test'] as const;

/** Whether the parts fit the format, and the split can be made. */
export const dataCheck = armCheck(['data'], ({ config: { data } }) => [...checkMembers(data), ...checkSplit(data)]);

/** Whether there is a batch to train on where only full ones count: asked when the pipeline tells the texts, and when the data has. */
export const fullBatchCheck = armCheck(['task', 'data', 'train'], ({ config: { task, data, train } }) => {
  const texts = data.split?.train ?? null;
  return task !== 'classification' || texts === null || texts < 1 ? [] : fullBatchMisfits(train, texts);
});

/** What is wrong with batches of so many texts for training. */
export function fullBatchMisfits(
  { drop_last, batch_size }: Pick<TrainConfig, 'drop_last' | 'batch_size'>,
  texts: number,
): readonly ArmProblem[] {
  if (!drop_last || batch_size <= texts) return [];
  const message = `\`train.batch_size\` of ${batch_size} is more than the ${texts} texts for training, so that no batch is full and nothing is learnt`;
  return [
    armError('NO_FULL_BATCH', 'train.drop_last', message, 'Make the batches smaller, or keep those that are not full.'),
  ];
}

/** Whether figures of this split can be measured. */
export function hasSplit(data: DataConfig, split: string): boolean {
  if (split === 'train') return true;
  return (
    (split === 'validation' || split === 'test') && (data[split] !== null || (data.split?.[split] ?? null) !== null)
  );
}

function checkMembers(data: DataConfig): readonly ArmProblem[] {
  const folders = data.format === 'folders';
  if (folders && data.train === null) {
    const hint = 'For example `train: { neg: reviews/neg, pos: reviews/pos }`.';
    return [armError('DATA_PARTS', 'data.train', 'expected the folders of each label, found none', hint)];
  }
  return PARTS.flatMap((part) => {
    const members = data[part];
    if (members === null || folders === (typeof members === 'object')) return unknownLabels(data, part);
    const message = folders
      ? `expected the folders of each label, found the path \`${members as string}\``
      : `expected one path, since the rows of a ${data.format} hold the labels, found a mapping`;
    return [armError('DATA_PARTS', `data.${part}`, message)];
  });
}

function unknownLabels(data: DataConfig, part: (typeof PARTS)[number]): readonly ArmProblem[] {
  const members = data[part];
  const known = data.train;
  if (
    part === 'train' ||
    members === null ||
    typeof members !== 'object' ||
    known === null ||
    typeof known !== 'object'
  )
    return [];
  return Object.keys(members)
    .filter((label) => !Object.hasOwn(known, label))
    .map((label) => armError('DATA_PARTS', `data.${part}.${label}`, `\`data.train\` has no label \`${label}\``));
}

function checkSplit(data: DataConfig): readonly ArmProblem[] {
  const split = data.split;
  if (split === null) return [];
  const named = PARTS.filter((part) => split[part] !== null);
  if (named.length === 0) {
    const hint = 'For example `split: { train: 0.8, test: 0.2 }`.';
    return [
      armError('SPLIT', 'data.split', 'expected an amount for `train`, `validation` or `test`, found none', hint),
    ];
  }
  const twice = named.find((part) => part !== 'train' && data[part] !== null);
  if (twice !== undefined) {
    const message = `\`data.${twice}\` is a part of its own, so that the training part cannot be divided for it too`;
    return [armError('SPLIT', `data.split.${twice}`, message, 'Keep one of the two.')];
  }
  const fractions = named.filter((part) => split[part]! < 1);
  const sum = Number(fractions.reduce((total, part) => total + split[part]!, 0).toFixed(12));
  const last = fractions.at(-1);
  if (last !== undefined && (sum > 1 || (sum === 1 && split.train === null))) {
    const message = `expected fractions that sum to ${split.train === null ? 'less than 1, so that some is left for training' : 'at most 1'}, found ${sum}`;
    return [armError('SPLIT', `data.split.${last}`, message)];
  }
  return [];
}
