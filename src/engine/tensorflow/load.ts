import { createRequire } from 'node:module';
import path from 'node:path';
import { EngineError } from '../../errors.js';
import { tf } from '../../tf.js';
import { type TensorflowBackend, tensorflowBackend } from './backend.js';
import { cacheFolder, type Installation, readInstallation } from './installation.js';
import { shareTfjs } from './shared-tfjs.js';
import { shimUtil } from './util-shim.js';

export interface LoadedTensorflow {
  readonly installation: Installation;
  readonly backend: TensorflowBackend;
}

/**
 * Loads the tfjs-node that lies in a folder and makes its backend current.
 * @throws EngineError when there is none or it does not load.
 */
export async function loadTensorflow(folder: string): Promise<LoadedTensorflow> {
  const installation = await readInstallation(folder);
  if (installation === null) {
    throw new EngineError('the engine tensorflow is not installed', {
      code: 'ENGINE_TENSORFLOW_MISSING',
      hint: 'install it with `sweep engine install tensorflow`, with --gpu for an NVIDIA GPU',
    });
  }
  if (tf.findBackendFactory('tensorflow') === null) {
    setDefaults(process.env, { cache: await cacheFolder() });
    shimUtil();
    shareTfjs();
    try {
      createRequire(path.join(folder, 'package.json'))(installation.package);
    } catch (cause) {
      throw new EngineError(`the engine tensorflow does not load: ${(cause as Error).message.split('\n')[0]}`, {
        code: 'ENGINE_TENSORFLOW_LOAD',
        hint: 'install it anew with `sweep engine install tensorflow`',
        cause,
      });
    }
  }
  await tf.setBackend('tensorflow');
  return { installation, backend: tensorflowBackend() };
}

/** What TensorFlow reads from its environment when it is loaded, where the user has not said otherwise. */
export function setDefaults(environment: NodeJS.ProcessEnv, { cache }: { readonly cache: string }): void {
  const defaults = {
    // Errors only: a trial's log is no place for TensorFlow's notes on itself.
    TF_CPP_MIN_LOG_LEVEL: '2',
    // Its kernels cost small tensors more than they save, and it greets every process.
    TF_ENABLE_ONEDNN_OPTS: '0',
    // One thread a trial, as the other engines have: trials run side by side.
    TF_NUM_INTRAOP_THREADS: '1',
    // Trials share a GPU's memory: take what is needed, not all there is.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // float32 is float32: TF32 keeps ten bits of it, too few for PyTorch's numbers.
    NVIDIA_TF32_OVERRIDE: '0',
    // The same bits for the same trial: sums by index in a fixed order.
    TF_DETERMINISTIC_OPS: '1',
    // Kernels compiled for a GPU newer than the build are kept from process to process.
    CUDA_CACHE_PATH: path.join(cache, 'cuda-kernels'),
    CUDA_CACHE_MAXSIZE: String(4 * 2 ** 30),
  };
  for (const [name, value] of Object.entries(defaults)) environment[name] ??= value;
}
