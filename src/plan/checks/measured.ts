import { nearest } from '../../pipeline/nearest.js';
import type { PlannedArm } from '../arms.js';
import { hasSplit } from './data.js';

/** An arm as checks of claims and of the report see it. */
export type ConfiguredArm = Pick<PlannedArm, 'arm' | 'config'>;

export interface Mistake {
  readonly message: string;
  readonly hint: string;
}

/** Why not all of the arms measure a figure such as `test.accuracy`, or null where they do. */
export function unmeasured(metric: string, arms: readonly ConfiguredArm[]): Mistake | null {
  const [split = '', figure = ''] = metric.split('.');
  const without = split === 'timing' ? [] : arms.filter(({ config }) => !hasSplit(config.data, split));
  if (without.length > 0) {
    const where = without.length < arms.length ? ` in the arm \`${without[0]!.arm.label}\`` : '';
    return {
      message: `\`${metric}\` is not measured: there is no ${split} split${where}`,
      hint: `Add \`${split}\` to \`data.split\`, or a \`data.${split}\` of its own.`,
    };
  }
  const known = split === 'timing' ? TIMES : measured(arms);
  if (known.includes(figure)) return null;
  const near = nearest(figure, known);
  return {
    message: `\`${metric}\` is not measured`,
    hint:
      near === null
        ? `Measured are ${known.map((name) => `\`${name}\``).join(', ')}.`
        : `Did you mean \`${split}.${near}\`?`,
  };
}

/** Which arms there are, or the one that was meant where a name is nearly an arm's. */
export function armsHint(wanted: unknown, arms: readonly ConfiguredArm[]): string {
  const labels = arms.map(({ arm }) => arm.label);
  const near = typeof wanted === 'string' ? nearest(wanted, labels) : null;
  if (near !== null) return `Did you mean \`${near}\`?`;
  const some = labels.slice(0, 6).map((label) => `\`${label}\``);
  return `The arms are ${some.join(', ')}${labels.length > some.length ? `, … (${labels.length})` : ''}.`;
}

const TIMES = [
  'total_seconds',
  'startup_seconds',
  'data_seconds',
  'train_seconds',
  'evaluate_seconds',
  'predict_seconds',
  'batches_per_second',
  'tokens_per_second',
  'peak_memory_bytes',
];

/** What every one of the arms measures on each split. */
function measured(arms: readonly ConfiguredArm[]): readonly string[] {
  const [first = [], ...rest] = arms.map(({ config }) => [
    'loss',
    'loss_over_batches',
    ...(config.task === 'classification' ? ['accuracy', 'accuracy_over_batches'] : ['perplexity']),
    ...config.metrics.filter((metric) => metric !== 'confusion_matrix'),
  ]);
  return [...new Set(first)].filter((metric) => rest.every((metrics) => metrics.includes(metric)));
}
