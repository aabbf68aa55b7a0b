import type { TrialConfig } from '../plan/trial-config.js';

/** What the data says of a step's size, where it is known. */
export interface StepSizes {
  readonly vocabulary: number | null;
  readonly classes: number | null;
  /** T: steps of a row. */
  readonly time: number;
}

/** What decides how long a training step takes, as a text: configurations with the same one take the same. */
export function stepShape(
  { task, data, model, loss, optimizer, train, engine }: TrialConfig,
  sizes: StepSizes,
): string {
  const { embedding } = model;
  return JSON.stringify([
    task,
    engine,
    sizes,
    data.sequence.packed,
    data.tokens.type,
    [model.implementation, model.cell, model.hidden, model.layers, model.bidirectional, model.bias, model.projection],
    embedding === 'one_hot' ? null : [embedding.dim, embedding.freeze, embedding.dropout > 0],
    [model.dropout > 0, model.pooling, model.head.hidden, model.head.outputs, model.nonlinearity],
    [loss.type, optimizer.type, optimizer.momentum > 0, optimizer.weight_decay > 0],
    [train.batch_size, train.accumulate, train.carry_state, train.clip_norm !== null, train.clip_value !== null],
  ]);
}
