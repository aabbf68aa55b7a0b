import { createRequire } from 'node:module';
import path from 'node:path';
import { EngineError } from '../../errors.js';
import { tf } from '../../tf.js';
import { type TensorflowBackend, tensorflowBackend } from './backend.js';
import { cacheFolder, type Installation, readInstallation } from './installation.js';
import { readNpmCopy } from './npm-copy.js';
import { redirectTfjs, shareTfjs } from './shared-tfjs.js';
import { shimUtil } from './util-shim.js';

export interface LoadedTensorflow {
  readonly installation: Installation;
  readonly backend: TensorflowBackend;
}

/**
 * Loads the tfjs-node that lies in a folder, installed by Sweepline or the user's own, and makes its backend current.
 * @throws EngineError when there is none, it is of another version, or it does not load.
 */
export async function loadTensorflow(folder: string): Promise<LoadedTensorflow> {
  const installed = await readInstallation(folder);
  const found = installed ?? (await readNpmCopy(folder));
  if (found === null) {
    throw new EngineError('the engine tensorflow is not installed', {
      code: 'ENGINE_TENSORFLOW_MISSING',
      hint: 'install it with `sweep engine install tensorflow`, with --gpu for an NVIDIA GPU',
    });
  }
  if (tf.findBackendFactory('tensorflow') === null) {
    setDefaults(process.env, { cache: await cacheFolder() });
    shimUtil();
    const require = createRequire(path.join(folder, 'package.json'));
    try {
      if (installed === null) {
        redirectTfjs(folder);
        require(folder);
      } else {
        shareTfjs();
        require(installed.package);
      }
    } catch (cause) {
      throw doesNotLoad(installed === null ? `${found.package} in ${folder}` : 'the engine tensorflow', cause);
    }
  }
  await tf.setBackend('tensorflow');
  const backend = tensorflowBackend();
  return { installation: { ...found, tensorflow: backend.binding.TF_Version }, backend };
}

function doesNotLoad(what: string, cause: unknown): EngineError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new EngineError(`${what} does not load: ${said.split('\n')[0]!.trim()}`, {
    code: 'ENGINE_TENSORFLOW_LOAD',
    hint: 'install it anew with `sweep engine install tensorflow`',
    cause,
  });
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
