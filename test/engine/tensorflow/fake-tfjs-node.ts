import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Fake {
  readonly named?: string;
  readonly version?: string;
  /** What it throws when it is loaded. */
  readonly throws?: string;
  readonly code?: string;
}

/** A tfjs-node that calculates by tfjs's CPU backend, with TensorFlow.js of another version below it that cannot be loaded. */
export async function fakeTfjsNode(
  root: string,
  name: string,
  { named = name, version = '4.22.0', ...does }: Fake = {},
) {
  const there = path.join(root, name);
  for (const below of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    await writePackage(path.join(there, 'node_modules', below), {
      name: below,
      version: '3.0.0',
      code: "throw new Error('not ours');",
    });
  }
  const code = does.throws === undefined ? (does.code ?? BACKEND) : `throw new Error(${JSON.stringify(does.throws)});`;
  await writePackage(there, { name: named, version, code });
  return there;
}

const BACKEND = `
const tf = require('@tensorflow/tfjs');
if (require('@tensorflow/tfjs-core') !== tf) throw new Error('two copies');
if (tf.loadLayersModel === undefined) throw new Error('not whole');
const backend = tf.findBackendFactory('cpu')();
Object.assign(backend, { firstUse: false, isUsingGpuDevice: false, binding: { TF_Version: '2.9.1-fake' } });
tf.copyRegisteredKernels('cpu', 'tensorflow');
tf.registerBackend('tensorflow', () => backend, 3);
tf.setBackend('tensorflow');
`;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly code: string;
}

async function writePackage(there: string, { name, version, code }: Package): Promise<void> {
  await mkdir(there, { recursive: true });
  await writeFile(path.join(there, 'package.json'), JSON.stringify({ name, version, main: 'main.js' }));
  await writeFile(path.join(there, 'main.js'), code);
}
