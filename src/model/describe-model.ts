import type { Activation, ModelConfig } from '../plan/trial-config.js';
import type { ModelSizes } from './model.js';
import { type ModelShape, modelShape, parameterCounts, usesAttention } from './parameters.js';

export interface ModelDescription {
  /** The module as PyTorch prints it. */
  readonly text: string;
  readonly parameters: number;
  readonly trainable_parameters: number;
}

/** A model as PyTorch prints a module, and its numbers of parameters, without building a tensor. */
export function describeModel(config: ModelConfig, sizes: ModelSizes): ModelDescription {
  const { all, trainable } = parameterCounts(config, sizes);
  return { text: moduleText(config, sizes), parameters: all, trainable_parameters: trainable };
}

function moduleText(config: ModelConfig, sizes: ModelSizes): string {
  const shape = modelShape(config, sizes);
  const children: string[] = [];
  if (config.embedding !== 'one_hot') {
    children.push(`(embedding): Embedding(${sizes.vocabulary}, ${config.embedding.dim})`);
    if (config.embedding.dropout > 0) children.push(`(embedding_dropout): ${dropout(config.embedding.dropout)}`);
  }
  children.push(`(rnn): ${recurrentText(config, shape)}`);
  if (usesAttention(config, sizes)) children.push(`(attention): ${linear(shape.output, 1, false)}`);
  if (config.head.dropout > 0) children.push(`(head_dropout): ${dropout(config.head.dropout)}`);
  children.push(`(fcs): ModuleList(\n${indent(listText(shape.head))}\n)`);
  if (shape.head.length > 2) children.push(...ACTIVATIONS[config.head.activation]);
  return `${sizes.every_step ? 'LanguageModel' : 'Classifier'}(\n${indent(children)}\n)`;
}

/** torch.nn.RNNBase.extra_repr: what differs from the default, in its order. */
function recurrentText(config: ModelConfig, { input }: ModelShape): string {
  const settings = [`${input}`, `${config.hidden}`];
  if (config.projection !== null) settings.push(`proj_size=${config.projection}`);
  if (config.layers !== 1) settings.push(`num_layers=${config.layers}`);
  if (config.bias !== true) settings.push(`bias=${config.bias === 'input' ? "'input'" : 'False'}`);
  settings.push('batch_first=True');
  if (config.dropout !== 0) settings.push(`dropout=${config.dropout}`);
  if (config.bidirectional) settings.push('bidirectional=True');
  return `${config.cell.toUpperCase()}(${settings.join(', ')})`;
}

/** A ModuleList's children; neighbours that print alike share a line, as since PyTorch 2.0: `(0-1): 2 x Linear(…)`. */
function listText(sizes: readonly number[]): string[] {
  const groups: { text: string; first: number; count: number }[] = [];
  sizes.slice(1).forEach((outputs, n) => {
    const text = linear(sizes[n]!, outputs, true);
    const last = groups.at(-1);
    if (last?.text === text) last.count++;
    else groups.push({ text, first: n, count: 1 });
  });
  return groups.map(({ text, first, count }) =>
    count === 1 ? `(${first}): ${text}` : `(${first}-${first + count - 1}): ${count} x ${text}`,
  );
}

function linear(inputs: number, outputs: number, bias: boolean): string {
  return `Linear(in_features=${inputs}, out_features=${outputs}, bias=${bias ? 'True' : 'False'})`;
}

function dropout(probability: number): string {
  return `Dropout(p=${probability}, inplace=False)`;
}

function indent(lines: readonly string[]): string {
  return lines
    .join('\n')
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

const ACTIVATIONS: { readonly [activation in Activation]: readonly string[] } = {
  relu: ['(relu): ReLU()'],
  tanh: ['(tanh): Tanh()'],
  sigmoid: ['(sigmoid): Sigmoid()'],
  gelu: ["(gelu): GELU(approximate='none')"],
  none: [],
};
