import { createHash } from 'node:crypto';
import { tf } from '../tf.js';

/** Copies of parameters' values by name; in-place updates do not reach them. */
export function copyWeights(parameters: ReadonlyMap<string, tf.Variable>): Map<string, Float32Array> {
  return new Map(
    Array.from(parameters, ([name, variable]) => [name, Float32Array.from(variable.dataSync() as Float32Array)]),
  );
}

/** Sets parameters to copies of `values`; names that `values` lacks stay as they are. */
export function restoreWeights(
  parameters: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, Float32Array>,
): void {
  tf.tidy(() => {
    for (const [name, variable] of parameters) {
      const value = values.get(name);
      if (value !== undefined) variable.assign(tf.tensor(Float32Array.from(value), variable.shape));
    }
  });
}

/** sha256 (hexadecimal) over the values of the parameters, little-endian float32, in the order of the state dict. */
export function weightsDigest(parameters: ReadonlyMap<string, tf.Variable>): string {
  const hash = createHash('sha256');
  for (const variable of parameters.values()) {
    const values = variable.dataSync() as Float32Array;
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}
