import { EngineError } from '../../errors.js';
import type { EngineConfig } from '../../plan/trial-config.js';
import type { EngineInfo } from '../engine-info.js';
import type { RecurrentLayer } from '../recurrent-layer.js';
import { deviceName } from './device.js';
import { engineFolders, findEngine } from './find-engine.js';
import { engineFolder } from './installation.js';
import { registerKernels } from './kernels/register.js';
import { loadTensorflow } from './load.js';

/**
 * Makes the installed tfjs-node's backend current, with our kernels, and says which device TensorFlow itself chose.
 * @throws EngineError when it is not installed, does not load, or a GPU was asked for and TensorFlow uses none.
 */
export async function registerTensorflowEngine(device: EngineConfig['device']): Promise<EngineInfo> {
  // Before TensorFlow looks for one.
  if (device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
  const { installation, backend } = await loadTensorflow(await chosenFolder());
  if (device === 'gpu' && !backend.isUsingGpuDevice) {
    throw new EngineError('engine tensorflow was asked for a GPU, and TensorFlow finds none that it can use', {
      code: 'ENGINE_NO_GPU',
      hint:
        installation.cuda === null
          ? 'the TensorFlow that is here is built for the CPU: `sweep engine install tensorflow --gpu`'
          : `it needs an NVIDIA driver for CUDA ${installation.cuda}; TF_CPP_MIN_LOG_LEVEL=0 shows what it misses`,
    });
  }
  registerKernels(await recurrentLayer(backend.isUsingGpuDevice));
  return {
    name: 'tensorflow',
    variant: installation.tensorflow,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS),
    device: await deviceName(backend.isUsingGpuDevice, installation),
  };
}

/** Of several of the user's own packages the one that loads, which only a process of its own can try. */
async function chosenFolder(): Promise<string> {
  const folders = await engineFolders();
  if (folders.length > 1) return (await findEngine(folders))!.folder;
  return folders[0] ?? (await engineFolder());
}

/** On a GPU by cuDNN, where it was found to compute what it should; `SWEEPLINE_CUDNN=off` leaves it out. */
async function recurrentLayer(isUsingGpu: boolean): Promise<RecurrentLayer | undefined> {
  if (!isUsingGpu || process.env.SWEEPLINE_CUDNN === 'off') return undefined;
  const { checkCudnn, layerWithCudnn } = await import('./cudnn/choose-layer.js');
  return layerWithCudnn(checkCudnn());
}
