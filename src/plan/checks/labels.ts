import { type ArmProblem, armError } from '../arm-problem.js';
import type { DataConfig, LossConfig, TrialConfig } from '../trial-config.js';

/** How many labels the pipeline itself tells, or null when only the data does. */
export function labelCount({ labels, train }: DataConfig): number | null {
  if (Array.isArray(labels)) return labels.length;
  if (labels !== null) return new Set(Object.values(labels)).size;
  return train !== null && typeof train === 'object' ? Object.keys(train).length : null;
}

/**
 * What is wrong with a classifier's loss and head for so many labels: asked when the pipeline tells them, and when the
 * data has.
 */
export function labelMisfits(
  { loss, model }: Pick<TrialConfig, 'loss' | 'model'>,
  labels: number,
): readonly ArmProblem[] {
  return [...lossMisfits(loss, labels), ...headMisfits({ loss, model }, labels)];
}

/** What is wrong with a loss for so many labels. */
export function lossMisfits(loss: LossConfig, labels: number): readonly ArmProblem[] {
  if (loss.type === 'bce_with_logits' && labels > 2) {
    const hint = 'Use `cross_entropy` for more than two labels.';
    return [armError('LOSS_MISFIT', 'loss.type', `\`bce_with_logits\` tells two labels apart, found ${labels}`, hint)];
  }
  if (loss.class_weights !== null && loss.class_weights.length !== labels) {
    const message = `expected ${labels} weights, one per label, found ${loss.class_weights.length}`;
    return [armError('CLASS_WEIGHTS', 'loss.class_weights', message)];
  }
  return [];
}

/**
 * Whether the head has an output for each of so many labels, and no other where each is weighed. Binary cross-entropy
 * needs one alone, whatever they are.
 */
export function headMisfits(
  { loss, model }: Pick<TrialConfig, 'loss' | 'model'>,
  labels: number,
): readonly ArmProblem[] {
  const { outputs } = model.head;
  if (outputs === null || loss.type === 'bce_with_logits') return [];
  const least = labels + (loss.type === 'ctc' ? 1 : 0);
  if (outputs > labels && loss.class_weights?.length === labels) {
    const message = `expected ${labels} outputs, one per weight of \`loss.class_weights\`, found ${outputs}`;
    return [armError('HEAD_MISFIT', 'model.head.outputs', message, 'Remove the key: the labels are the outputs.')];
  }
  if (outputs >= least) return [];
  const what = loss.type === 'ctc' ? 'one per label and a blank' : 'one per label';
  const message = `expected at least ${least} outputs, ${what}, found ${outputs}`;
  return [armError('HEAD_MISFIT', 'model.head.outputs', message)];
}
