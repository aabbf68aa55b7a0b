import { TrainError } from '../errors.js';
import type { ModelConfig } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import { initialTensor } from './initializers.js';
import type { ParameterSpec } from './parameters.js';

export interface PretrainedEmbedding {
  /** [V, E], row-major. */
  readonly table: Float32Array;
  /** [V]: 1 where the table has a vector for the token, 0 where the row starts as `init` says. */
  readonly found: Uint8Array;
}

export interface BuildOptions {
  readonly config: ModelConfig;
  readonly seed: number;
  readonly pretrained: PretrainedEmbedding | null;
}

let built = 0;

/** Variables with their initial values by PyTorch's names, in the order of `specs`. Throws TrainError for pretrained vectors of another size. */
export function buildParameters(specs: readonly ParameterSpec[], options: BuildOptions): Map<string, tf.Variable> {
  // tfjs registers variables by name in the whole process.
  const prefix = `model${built++}/`;
  const variables = specs.map((spec): [string, tf.Variable] => {
    const variable = tf.tidy(() => {
      const drawn = initialTensor(spec, options.config, options.seed);
      const { pretrained } = options;
      const initial = spec.group === 'embedding' && pretrained !== null ? withPretrained(drawn, pretrained) : drawn;
      return tf.variable(initial, spec.trainable, prefix + spec.name);
    });
    return [spec.name, variable];
  });
  return new Map(variables);
}

function withPretrained(drawn: tf.Tensor, { table, found }: PretrainedEmbedding): tf.Tensor {
  const [rows, dim] = drawn.shape as [number, number];
  const values = drawn.dataSync().slice();
  if (table.length !== values.length || found.length !== rows) {
    throw new TrainError(
      `expected pretrained vectors for ${rows} tokens of dimension ${dim}, found ${found.length} tokens and ` +
        `${table.length} numbers`,
      { code: 'MODEL_PRETRAINED_SIZE', hint: 'set model.embedding.dim to the dimension of the pretrained vectors' },
    );
  }
  for (let row = 0; row < rows; row++) {
    if (found[row] === 1) values.set(table.subarray(row * dim, (row + 1) * dim), row * dim);
  }
  return tf.tensor(values, [rows, dim], 'float32');
}
