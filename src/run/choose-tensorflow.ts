import { EngineError } from '../errors.js';
import type { EngineConfig } from '../plan/trial-config.js';
import type { EngineChoice, EngineWish } from './choose-engine.js';
import { probeTensorflow } from './probe-engine.js';

/** Whether TensorFlow is installed and itself reports a GPU. */
export async function isGpuThere(): Promise<boolean> {
  const probe = await probeTensorflow();
  return probe?.works === true && probe.gpu;
}

/**
 * The engine tensorflow, tried; a warning where it calculates on the CPU and nobody said that it should.
 * @throws EngineError when it is not installed, does not work, or finds no GPU and one was asked for.
 */
export async function chooseTensorflow(config: EngineConfig, wish: EngineWish): Promise<EngineChoice> {
  const needsGpu = config.device === 'gpu' || (wish.gpu === true && config.device === 'any');
  const probe = await probeTensorflow();
  if (probe === null) {
    throw new EngineError('the engine tensorflow is not installed', {
      code: 'ENGINE_UNAVAILABLE',
      hint: `\`sweep engine install tensorflow${needsGpu ? ' --gpu' : ''}\` installs it`,
    });
  }
  if (!probe.works) {
    throw new EngineError(`engine tensorflow does not work here: ${probe.reason}`, {
      code: 'ENGINE_UNAVAILABLE',
      hint:
        probe.copy === null
          ? 'install it anew with `sweep engine install tensorflow`; `sweep doctor` shows which engines work'
          : '`sweep engine install tensorflow` installs one that does not depend on it; `sweep doctor` shows which work',
    });
  }
  if (needsGpu && !probe.gpu) {
    throw new EngineError('a GPU was asked for, and TensorFlow finds none that it can use', {
      code: 'ENGINE_NO_GPU',
      hint:
        probe.cuda === null
          ? 'the TensorFlow that is here is built for the CPU: `sweep engine install tensorflow --gpu`'
          : `it needs an NVIDIA driver for CUDA ${probe.cuda}; leave \`engine.device\` and --gpus out to run on the CPU`,
    });
  }
  const isUnasked = config.device === 'any' && !probe.gpu;
  return {
    engine: { ...config, name: 'tensorflow' },
    gpu: probe.gpu && config.device !== 'cpu',
    ...(probe.copy === null ? {} : { folder: probe.copy.folder }),
    warnings: [
      ...(isUnasked ? ['TensorFlow finds no GPU and runs on the CPU; the native engine is faster there'] : []),
      ...(config.device === 'cpu' ? [] : probe.warnings),
    ],
  };
}
