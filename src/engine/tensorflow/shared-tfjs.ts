import { tf } from '../../tf.js';
import { unusedExports } from '../../unused-tfjs.js';

/**
 * Stands in for the copies of TensorFlow.js that tfjs-node would bring, so that it registers its backend with the one
 * that Sweepline runs on (two copies know nothing of each other's tensors), and 290 MB need not be installed again.
 * tfjs-node names the first as its dependency and calls the second as well; the first exports all that the second does.
 */
export const STAND_IN = {
  packages: { tfjs: '@tensorflow/tfjs', 'tfjs-core': '@tensorflow/tfjs-core' },
  version: '4.22.0',
  files: {
    'index.js': `// Sweepline's own copy, handed over before tfjs-node is loaded.
module.exports = globalThis[Symbol.for('sweepline.tfjs')];
if (module.exports === undefined) throw new Error('this folder belongs to Sweepline: load it with Sweepline');
`,
  },
} as const;

/** Hands our TensorFlow.js to the stand-in, whole. */
export function shareTfjs(): void {
  (globalThis as { [key: symbol]: unknown })[Symbol.for('sweepline.tfjs')] = { ...unusedExports(), ...tf };
}
