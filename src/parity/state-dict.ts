import type { Model } from '../model/model.js';
import { restoreWeights } from '../train/weights.js';
import type { TrainCase } from './case-file.js';
import { unsupported } from './unsupported.js';

/** Sets every parameter of a model from a state dict; throws TrainError unless names and shapes are the model's own. */
export function loadStateDict(model: Model, state: TrainCase['init']): void {
  for (const name of Object.keys(state)) {
    if (!model.parameters.has(name)) throw unsupported(`the model has no parameter ${name}`);
  }
  for (const [name, { shape }] of model.parameters) {
    const stored = state[name];
    if (stored === undefined) throw unsupported(`expected parameter ${name}, found none`);
    if (`${stored.shape}` !== `${shape}`) {
      throw unsupported(`expected ${name} of shape [${shape}], found [${stored.shape}]`);
    }
  }
  restoreWeights(
    model.parameters,
    new Map(Object.entries(state).map(([name, { data }]) => [name, Float32Array.from(data)])),
  );
}
