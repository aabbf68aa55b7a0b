import { TrainError } from '../errors.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { Loss } from './losses/loss.js';

/**
 * The outputs of a model's last layer: as the head asks, else those that the loss reads.
 * @throws TrainError when there are fewer: a label without an output would be learnt as none, or as NaN.
 */
export function headOutputs({ head }: TrialConfig['model'], { outputs }: Loss): number {
  if (head.outputs === null || head.outputs >= outputs) return head.outputs ?? outputs;
  throw new TrainError(`model.head.outputs: expected at least ${outputs} outputs, found ${head.outputs}`, {
    code: 'TRAIN_HEAD_OUTPUTS',
    hint: 'remove the key: the loss says how many outputs there are',
  });
}
