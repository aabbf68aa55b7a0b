import { squaredNorm } from '../engine/optimizer-step.js';
import type { TrainConfig } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import type { Optimizer } from './optimizers/optimizer.js';

type Gradients = ReadonlyMap<string, tf.Tensor>;

/** Turns gradients of batches into updates: accumulation, clipping, the optimiser's step. */
export interface Updater {
  /** Takes a batch's gradients over and updates when enough have come; true when it did. */
  add(gradients: Gradients, lr: number): boolean;
  /** Whether batches wait for an update: no moment for a checkpoint. */
  readonly pending: boolean;
  /** Updates with the batches gathered so far, averaged over what there are; true when there were any. */
  flush(lr: number): boolean;
  dispose(): void;
}

type UpdaterConfig = Pick<TrainConfig, 'accumulate' | 'clip_norm' | 'clip_value'>;

export function createUpdater(config: UpdaterConfig, optimizer: Optimizer): Updater {
  let gathered = new Map<string, tf.Tensor>();
  let batches = 0;

  const update = (lr: number): boolean => {
    if (batches === 0) return false;
    const scale = clippedScale(gathered, 1 / batches, config.clip_norm);
    optimizer.apply(gathered, { lr, scale, clip_value: config.clip_value });
    release();
    return true;
  };
  const release = (): void => {
    tf.dispose([...gathered.values()]);
    gathered = new Map();
    batches = 0;
  };
  return {
    get pending() {
      return batches > 0;
    },
    add(gradients, lr) {
      gathered = addGradients(gathered, gradients);
      batches++;
      return batches === config.accumulate && update(lr);
    },
    flush: update,
    dispose: release,
  };
}

/** The global L2 norm of all gradients together. */
export function gradientNorm(gradients: Gradients): number {
  return Math.sqrt(squaredNorm(gradients.values()));
}

/** The factor on every gradient: `scale`, and clip/norm where the scaled norm exceeds the limit. */
function clippedScale(gradients: Gradients, scale: number, limit: number | null): number {
  if (limit === null) return scale;
  const norm = gradientNorm(gradients) * scale;
  return norm > limit ? (scale * limit) / norm : scale;
}

/** Element by element; all summands are disposed of. */
function addGradients(sum: ReadonlyMap<string, tf.Tensor>, more: Gradients): Map<string, tf.Tensor> {
  if (sum.size === 0) return new Map(more);
  const result = new Map(sum);
  const spent: tf.Tensor[] = [];
  for (const [name, gradient] of more) {
    const before = sum.get(name);
    result.set(name, before === undefined ? gradient : tf.add(before, gradient));
    if (before !== undefined) spent.push(before, gradient);
  }
  // Only now: two parameters may share one gradient tensor, as an LSTM's two biases do.
  tf.dispose(spent);
  return result;
}
