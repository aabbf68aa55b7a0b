import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadTensorflow, setDefaults } from '../../../src/engine/tensorflow/load.js';

it('says how to install the engine where it is not installed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sweepline-no-engine-'));
  try {
    await expect(loadTensorflow(folder)).rejects.toMatchObject({
      code: 'ENGINE_TENSORFLOW_MISSING',
      hint: 'install it with `sweep engine install tensorflow`, with --gpu for an NVIDIA GPU',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("lets trials share a GPU's memory and keeps compiled kernels, unless the environment says otherwise", () => {
  const environment: NodeJS.ProcessEnv = { TF_CPP_MIN_LOG_LEVEL: '0' };
  setDefaults(environment, { cache: '/cache' });
  expect(environment).toEqual({
    TF_CPP_MIN_LOG_LEVEL: '0',
    TF_ENABLE_ONEDNN_OPTS: '0',
    TF_NUM_INTRAOP_THREADS: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    NVIDIA_TF32_OVERRIDE: '0',
    TF_DETERMINISTIC_OPS: '1',
    CUDA_CACHE_PATH: path.join('/cache', 'cuda-kernels'),
    CUDA_CACHE_MAXSIZE: '4294967296',
  });
});
