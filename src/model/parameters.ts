import { TrainError } from '../errors.js';
import type { InitConfig, ModelConfig } from '../plan/trial-config.js';
import type { ModelSizes } from './model.js';

/** The groups of parameters that can start in ways of their own: the keys of `model.init`. */
type ParameterGroup = Exclude<keyof InitConfig, 'forget_bias'>;

/** One parameter of a model, before any tensor exists. */
export interface ParameterSpec {
  /** PyTorch's state_dict name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly group: ParameterGroup;
  /** Gates stacked along the first axis: `shape[0] / gates` rows each; 1 where nothing is stacked. */
  readonly gates: number;
  /** PyTorch starts U(±1/√features): the hidden size for recurrent layers, the inputs for linear ones. */
  readonly features: number;
  readonly trainable: boolean;
}

/** The sizes that follow from a configuration. */
export interface ModelShape {
  /** Gates per cell: LSTM 4, GRU 3, RNN 1. */
  readonly gates: number;
  /** D: 1, or 2 when bidirectional. */
  readonly directions: number;
  /** I of the first layer: the embedding's dimension, or V for one-hot input. */
  readonly input: number;
  /** Features of one direction's hidden state: H, or the projection. */
  readonly state: number;
  /** D·state: features of a layer's output, and what pooling gives the head. */
  readonly output: number;
  /** Sizes of the head from its input to its outputs. */
  readonly head: readonly number[];
}

const GATES = { lstm: 4, gru: 3, rnn: 1 } as const;

/** The sizes that follow from a configuration; throws TrainError for settings that no such model has a place for. */
export function modelShape(config: ModelConfig, sizes: ModelSizes): ModelShape {
  refuseMisfits(config);
  const directions = config.bidirectional ? 2 : 1;
  const state = config.projection ?? config.hidden;
  const output = directions * state;
  return {
    gates: GATES[config.cell],
    directions,
    input: config.embedding === 'one_hot' ? sizes.vocabulary : config.embedding.dim,
    state,
    output,
    head: [output, ...config.head.hidden, sizes.outputs],
  };
}

/** Every parameter in the order of PyTorch's state_dict: embedding, recurrent layers, attention, head. */
export function parameterSpecs(config: ModelConfig, sizes: ModelSizes): readonly ParameterSpec[] {
  const shape = modelShape(config, sizes);
  return [
    ...embeddingSpecs(config, sizes),
    ...recurrentSpecs(config, shape),
    ...attentionSpecs(config, sizes, shape),
    ...headSpecs(shape),
  ];
}

/** Numbers of a model's parameters. */
export interface ParameterCounts {
  readonly all: number;
  readonly trainable: number;
}

/**
 * How many numbers a model's parameters hold: the sizes of `parameterSpecs`, by formulas, since a plan asks for a
 * hundred thousand models.
 */
export function parameterCounts(config: ModelConfig, sizes: ModelSizes): ParameterCounts {
  const { directions, gates, input, state, output, head } = modelShape(config, sizes);
  const { hidden, layers, projection, embedding } = config;
  const biases = { true: 2, input: 1, false: 0 }[`${config.bias}`];
  const layer = (features: number): number =>
    directions * (gates * hidden * (features + state + biases) + (projection ?? 0) * hidden);
  let trainable = layer(input) + (layers - 1) * layer(output);
  if (usesAttention(config, sizes)) trainable += output;
  for (let n = 1; n < head.length; n++) trainable += head[n]! * (head[n - 1]! + 1);
  const table = embedding === 'one_hot' ? 0 : sizes.vocabulary * embedding.dim;
  if (embedding !== 'one_hot' && embedding.freeze) return { all: trainable + table, trainable };
  return { all: trainable + table, trainable: trainable + table };
}

/** The suffix of a layer's parameter names: `l0`, `l0_reverse`, `l1`, … */
export function layerSuffix(layer: number, direction: number): string {
  return direction === 0 ? `l${layer}` : `l${layer}_reverse`;
}

/** Whether the head reads an attention-weighted mean, which has a parameter of its own. */
export function usesAttention(config: ModelConfig, sizes: ModelSizes): boolean {
  return config.pooling === 'attention' && !sizes.every_step;
}

function refuseMisfits({ projection, cell, bias, init }: ModelConfig): void {
  if (projection !== null && cell !== 'lstm') {
    throw new TrainError(`model.projection needs model.cell lstm, found ${cell}`, {
      code: 'MODEL_PROJECTION',
      hint: 'leave out model.projection, or set model.cell to lstm',
    });
  }
  if (init.forget_bias !== null && cell === 'lstm' && bias === false) {
    throw new TrainError('model.init.forget_bias needs a bias, found model.bias: false', {
      code: 'MODEL_FORGET_BIAS',
      hint: 'leave out model.init.forget_bias, or set model.bias to true or input',
    });
  }
}

function embeddingSpecs(config: ModelConfig, sizes: ModelSizes): ParameterSpec[] {
  if (config.embedding === 'one_hot') return [];
  const { dim, freeze } = config.embedding;
  return [
    {
      name: 'embedding.weight',
      shape: [sizes.vocabulary, dim],
      group: 'embedding',
      gates: 1,
      features: dim,
      trainable: !freeze,
    },
  ];
}

function recurrentSpecs(config: ModelConfig, { gates, directions, input, state, output }: ModelShape): ParameterSpec[] {
  const { hidden, projection, bias } = config;
  const specs: ParameterSpec[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    for (let direction = 0; direction < directions; direction++) {
      const suffix = layerSuffix(layer, direction);
      const add = (name: string, group: ParameterGroup, shape: readonly number[], stacked = gates): void => {
        specs.push({ name: `rnn.${name}_${suffix}`, shape, group, gates: stacked, features: hidden, trainable: true });
      };
      add('weight_ih', 'input', [gates * hidden, layer === 0 ? input : output]);
      add('weight_hh', 'recurrent', [gates * hidden, state]);
      if (bias !== false) add('bias_ih', 'bias', [gates * hidden]);
      if (bias === true) add('bias_hh', 'bias', [gates * hidden]);
      if (projection !== null) add('weight_hr', 'recurrent', [projection, hidden], 1);
    }
  }
  return specs;
}

function attentionSpecs(config: ModelConfig, sizes: ModelSizes, { output }: ModelShape): ParameterSpec[] {
  if (!usesAttention(config, sizes)) return [];
  return [{ name: 'attention.weight', shape: [1, output], group: 'head', gates: 1, features: output, trainable: true }];
}

function headSpecs({ head }: ModelShape): ParameterSpec[] {
  return head.slice(1).flatMap((outputs, n): ParameterSpec[] => {
    const features = head[n]!;
    const common = { gates: 1, features, trainable: true };
    return [
      { name: `fcs.${n}.weight`, shape: [outputs, features], group: 'head', ...common },
      { name: `fcs.${n}.bias`, shape: [outputs], group: 'head_bias', ...common },
    ];
  });
}
