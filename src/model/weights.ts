import * as tf from '@tensorflow/tfjs';
import { TrainError } from '../errors.js';
import type { Model } from './model.js';
import type { StoredTensor } from './safetensors.js';

/** A model's parameters as plain data, by PyTorch's names and in the order of its state_dict. */
export function modelWeights(model: Model): Map<string, StoredTensor> {
  return new Map(
    Array.from(model.parameters, ([name, parameter]) => [
      name,
      { shape: parameter.shape, data: parameter.dataSync<'float32'>().slice() },
    ]),
  );
}

/** Sets every parameter of a model; throws TrainError unless names and shapes are the model's own. */
export function loadWeights(model: Model, weights: ReadonlyMap<string, StoredTensor>): void {
  for (const name of weights.keys()) {
    if (!model.parameters.has(name)) throw misfit(`expected no parameter ${name}, found one`);
  }
  for (const [name, parameter] of model.parameters) {
    const stored = weights.get(name);
    if (stored === undefined) throw misfit(`expected parameter ${name}, found none`);
    if (`${stored.shape}` !== `${parameter.shape}`) {
      throw misfit(`expected ${name} of shape [${parameter.shape}], found [${stored.shape}]`);
    }
    tf.tidy(() => parameter.assign(tf.tensor(stored.data, parameter.shape, 'float32')));
  }
}

function misfit(what: string): TrainError {
  return new TrainError(`the weights are not this model's: ${what}`, {
    code: 'MODEL_WEIGHTS',
    hint: 'the weights were saved by a trial with other model settings',
  });
}
