import type { DirectionWeights } from '../engine/recurrent-layer.js';
import type { tf } from '../tf.js';
import { layerSuffix } from './parameters.js';

/** The weights of every layer and direction, picked from a state dict by PyTorch's names (`rnn.weight_ih_l0`, …). */
export function stackWeights(
  parameters: ReadonlyMap<string, tf.Tensor>,
  layers: number,
  directions: number,
): DirectionWeights[][] {
  return Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: directions }, (_, direction) => {
      const find = <T extends tf.Tensor>(name: string): T | null =>
        (parameters.get(`rnn.${name}_${layerSuffix(layer, direction)}`) as T | undefined) ?? null;
      return {
        weight_ih: find<tf.Tensor2D>('weight_ih')!,
        weight_hh: find<tf.Tensor2D>('weight_hh')!,
        bias_ih: find<tf.Tensor1D>('bias_ih'),
        bias_hh: find<tf.Tensor1D>('bias_hh'),
        weight_hr: find<tf.Tensor2D>('weight_hr'),
      };
    }),
  );
}
