import { dropout, findFusedLayer } from '../engine/ops.js';
import type { ModelConfig } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import { buildParameters, type PretrainedEmbedding } from './build-parameters.js';
import { describeModel } from './describe-model.js';
import { type LinearWeights, runHead } from './head.js';
import { initialState } from './initial-state.js';
import type { ForwardContext, ForwardResult, Model, ModelInput, ModelSizes } from './model.js';
import { modelShape, parameterSpecs } from './parameters.js';
import { pool, readsSequence } from './pooling.js';
import { runStack } from './recurrent-stack.js';
import { stackWeights } from './stack-weights.js';
import { tokenInput } from './token-input.js';
import { unrolledLayer } from './unrolled-layer.js';

/**
 * Builds embedding → recurrent layers → pooling → head on the current tfjs backend, with initial values drawn from
 * `seed`. Rows of `pretrained.table` [V, E] replace the drawn ones where `pretrained.found` [V] is set. The fused
 * layer runs where the backend has one and the configuration does not ask for the unrolled one. Throws TrainError for
 * settings that do not fit together and for pretrained vectors of another size.
 */
export function createModel(
  config: ModelConfig,
  sizes: ModelSizes,
  seed: number,
  pretrained?: PretrainedEmbedding,
): Model {
  const shape = modelShape(config, sizes);
  const specs = parameterSpecs(config, sizes);
  const parameters = buildParameters(specs, { config, seed, pretrained: pretrained ?? null });
  const matrix = (name: string): tf.Tensor2D | null => (parameters.get(name) as tf.Tensor2D | undefined) ?? null;
  const layers = stackWeights(parameters, config.layers, shape.directions);
  const head = shape.head.slice(1).map((_, n) => linearWeights(parameters, n));
  const layer = (config.implementation === 'fused' ? findFusedLayer() : null) ?? unrolledLayer;
  const embeddingDropout = config.embedding === 'one_hot' ? 0 : config.embedding.dropout;
  const sequence = sizes.every_step || readsSequence(config.pooling, shape.directions);

  const forward = (batch: ModelInput, { training, step, state }: ForwardContext): ForwardResult => {
    const drop = <T extends tf.Tensor>(x: T, probability: number, place: string): T =>
      training && probability > 0 ? dropout(x, probability, { seed, purpose: `dropout:${place}`, index: step }) : x;
    const { input, adapt } = tokenInput(batch, {
      vocabulary: sizes.vocabulary,
      table: matrix('embedding.weight'),
      dropout: training ? embeddingDropout : 0,
      seed,
      step,
    });
    const result = runStack(
      input,
      layers.map((directions, n) => (n === 0 ? directions.map(adapt) : directions)),
      state ?? initialState(config, shape, { size: batch.size, seed, step }),
      {
        layer,
        cell: config.cell,
        nonlinearity: config.nonlinearity,
        sequence,
        between: (rows, n) => drop(rows, config.dropout, `rnn_l${n}`),
      },
    );
    const features = sizes.every_step
      ? tf.reshape(result.output!, [batch.size * batch.time, shape.output])
      : pool(result, {
          pooling: config.pooling,
          directions: shape.directions,
          lengths: batch.lengths,
          attention: matrix('attention.weight'),
        });
    const logits = runHead(features as tf.Tensor2D, head, {
      activation: config.head.activation,
      dropout: (x, n) => drop(x, config.head.dropout, `fcs.${n}`),
    });
    return {
      logits: sizes.every_step ? tf.reshape(logits, [batch.size, batch.time, sizes.outputs]) : logits,
      state: result.state,
    };
  };

  return {
    parameters,
    trainable: new Map(specs.filter(({ trainable }) => trainable).map(({ name }) => [name, parameters.get(name)!])),
    text: describeModel(config, sizes).text,
    forward,
    dispose: () => {
      for (const parameter of parameters.values()) parameter.dispose();
    },
  };
}

function linearWeights(parameters: ReadonlyMap<string, tf.Variable>, n: number): LinearWeights {
  return {
    weight: parameters.get(`fcs.${n}.weight`) as unknown as tf.Tensor2D,
    bias: parameters.get(`fcs.${n}.bias`) as unknown as tf.Tensor1D,
  };
}
