import { realpathSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
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
  shared()[SHARED] ??= { ...unusedExports(), ...tf };
}

/**
 * The same for a package that brings its own copies of TensorFlow.js: whatever lies below it, the files in its folder get
 * ours. To be called before it is loaded.
 */
export function redirectTfjs(folder: string): void {
  shareTfjs();
  const names = new Set<string>(Object.values(STAND_IN.packages));
  const inside = realpathSync.native(folder) + path.sep;
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = function (this: unknown, request, parent, ...rest) {
    // What lies in a node_modules of its own is another package.
    const from = parent?.filename?.startsWith(inside) ? parent.filename.slice(inside.length) : null;
    const isOurs = names.has(request) && from !== null && !from.split(path.sep).includes('node_modules');
    return isOurs ? shared()[SHARED] : load.call(this, request, parent, ...rest);
  };
}

type Load = (this: unknown, request: string, parent: NodeJS.Module | null | undefined, ...rest: unknown[]) => unknown;

const SHARED = Symbol.for('sweepline.tfjs');

function shared(): { [key: symbol]: unknown } {
  return globalThis as { [key: symbol]: unknown };
}
