import { tf } from '../../tf.js';

/**
 * Stands in for `@tensorflow/tfjs` in the engine's folder, so that tfjs-node registers its backend with the TensorFlow.js
 * that Sweepline runs on (two copies know nothing of each other's tensors), and 290 MB need not be installed again.
 */
export const STAND_IN = {
  name: '@tensorflow/tfjs',
  version: '4.22.0',
  files: {
    'index.js': `// Sweepline's own copy, handed over before tfjs-node is loaded.
module.exports = globalThis[Symbol.for('sweepline.tfjs')];
if (module.exports === undefined) throw new Error('this folder belongs to Sweepline: load it with Sweepline');
`,
  },
} as const;

/** Hands our TensorFlow.js to the stand-in. */
export function shareTfjs(): void {
  (globalThis as { [key: symbol]: unknown })[Symbol.for('sweepline.tfjs')] = tf;
}
