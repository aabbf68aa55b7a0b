import { drawNormal } from '../engine/ops.js';
import type { ModelConfig } from '../plan/trial-config.js';
import type { tf } from '../tf.js';
import type { RecurrentState } from './model.js';
import { layerSuffix, type ModelShape } from './parameters.js';

export interface InitialStateOptions {
  /** B. */
  readonly size: number;
  readonly seed: number;
  /** Batches trained on so far. */
  readonly step: number;
}

/**
 * The state that a batch starts from, [B, state] (c: [B, H]) per layer and direction: null for zeros; for
 * `initial_state: normal` N(0, 1) from the streams `initial_state:h_l0`, `initial_state:c_l0`, … at the step's index,
 * so that every layer, direction and batch draws numbers of its own.
 */
export function initialState(
  config: ModelConfig,
  shape: ModelShape,
  { size, seed, step }: InitialStateOptions,
): RecurrentState | null {
  if (config.initial_state === 'zeros') return null;
  const draw = (part: 'h' | 'c', features: number): tf.Tensor2D[] =>
    Array.from({ length: config.layers * shape.directions }, (_, n) => {
      const suffix = layerSuffix(Math.floor(n / shape.directions), n % shape.directions);
      return drawNormal([size, features], 1, { seed, purpose: `initial_state:${part}_${suffix}`, index: step });
    });
  return { h: draw('h', shape.state), c: config.cell === 'lstm' ? draw('c', config.hidden) : null };
}
