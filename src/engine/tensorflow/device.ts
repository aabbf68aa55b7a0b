import { execa } from 'execa';
import type { Installation } from './installation.js';

/**
 * What TensorFlow calculates on: `cpu`, or the GPU's name, memory and driver as nvidia-smi gives them, with the CUDA and
 * cuDNN of the build. tfjs-node uses the last of the GPUs that CUDA_VISIBLE_DEVICES leaves it.
 */
export async function deviceName(
  isUsingGpu: boolean,
  { cuda, cudnn }: Pick<Installation, 'cuda' | 'cudnn'>,
): Promise<string> {
  if (!isUsingGpu) return 'cpu';
  const query = ['--query-gpu=index,uuid,name,memory.total,driver_version', '--format=csv,noheader'];
  const { stdout, failed } = await execa('nvidia-smi', query, { reject: false, timeout: 10_000 });
  const gpu = failed ? null : visibleGpu(stdout, process.env.CUDA_VISIBLE_DEVICES);
  return [gpu ?? 'GPU', ...(cuda === null ? [] : [`CUDA ${cuda}`, `cuDNN ${cudnn}`])].join(', ');
}

/** The last GPU of nvidia-smi's list that is visible: `NVIDIA H100, 81559 MiB, driver 550.54`; null without one. */
export function visibleGpu(list: string, visible: string | undefined): string | null {
  const gpus = list
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .filter((fields) => fields.length === 5);
  const asked = visible === undefined || visible === '' ? null : visible.split(',').map((name) => name.trim());
  const chosen =
    asked === null
      ? gpus.at(-1)
      : gpus.find(([index, uuid]) => index === asked.at(-1) || uuid!.startsWith(asked.at(-1)!));
  return chosen === undefined ? null : `${chosen[2]}, ${chosen[3]}, driver ${chosen[4]}`;
}
