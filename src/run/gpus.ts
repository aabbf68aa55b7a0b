import { execa } from 'execa';
import { EngineError } from '../errors.js';
import type { Trial } from '../plan/plan.js';

/** Which GPUs the user wants: all that are visible, or those with these numbers. */
export type GpuChoice = 'auto' | readonly number[];

/** Which GPUs a run uses and how many trials run on each at once. */
export interface GpuRequest {
  readonly choice: GpuChoice;
  readonly trials_per_gpu: number;
}

/** The GPUs that a run deals to its trials. */
export interface GpuShare {
  /** As CUDA_VISIBLE_DEVICES names each of them. */
  readonly names: readonly string[];
  readonly trials_per_gpu: number;
}

/** Whether a trial calculates on a GPU where there is one. */
export function usesGpu({ config: { engine } }: Pick<Trial, 'config'>): boolean {
  return engine.name === 'tensorflow' && engine.device !== 'cpu';
}

/**
 * The GPUs that are meant, checked against those that are here. Numbers count what CUDA_VISIBLE_DEVICES leaves visible, as
 * CUDA itself counts; without it they are nvidia-smi's.
 * @throws EngineError when no trial uses a GPU, when there is none, or when one that is asked for is not there.
 */
export async function findGpus(
  choice: GpuChoice,
  trials: readonly Pick<Trial, 'config'>[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[]> {
  if (!trials.some(usesGpu)) {
    const engines = [...new Set(trials.map(({ config }) => engineText(config.engine)))].sort();
    throw new EngineError(`GPUs were asked for, and no trial uses one: the engine is ${engines.join(', ')}`, {
      code: 'GPUS_UNUSED',
      hint: 'use `--engine tensorflow`, which `sweep engine install tensorflow --gpu` installs; or leave --gpus out',
    });
  }
  const visible = await visibleGpus(environment);
  if (choice === 'auto') return visible.map(({ name }) => name);
  const missing = choice.filter((number) => number >= visible.length);
  if (missing.length > 0) {
    const there = visible.map(({ text }, number) => `${number} (${text})`).join(', ');
    throw new EngineError(`expected GPUs that are here, found ${missing.join(', ')}: there is ${there}`, {
      code: 'GPUS_MISSING',
      hint: 'name those that are here, or all of them with --gpus auto',
    });
  }
  return choice.map((number) => visible[number]!.name);
}

function engineText({ name, device }: Trial['config']['engine']): string {
  return name === 'tensorflow' && device === 'cpu' ? 'tensorflow on the CPU' : name;
}

interface VisibleGpu {
  /** As CUDA_VISIBLE_DEVICES names it. */
  readonly name: string;
  /** What it is. */
  readonly text: string;
}

/** At least one. Throws an EngineError that says why there is none. */
async function visibleGpus(environment: NodeJS.ProcessEnv): Promise<readonly VisibleGpu[]> {
  const query = ['--query-gpu=index,uuid,name', '--format=csv,noheader'];
  const { stdout, failed, code, stderr } = await execa('nvidia-smi', query, {
    reject: false,
    env: environment,
    timeout: 20_000,
    stdin: 'ignore',
  });
  const here = stdout?.split('\n').map((line) => line.split(',').map((field) => field.trim())) ?? [];
  const gpus = here.flatMap(([index, uuid, text]) => (text === undefined ? [] : [{ index, uuid, text }]));
  if (failed || gpus.length === 0) {
    const why =
      code === 'ENOENT' ? 'there is no nvidia-smi here' : `nvidia-smi says: ${firstLine(stdout, stderr) || 'nothing'}`;
    throw noGpu(why, 'install the driver of your NVIDIA GPU, or leave --gpus out');
  }
  const names = environment.CUDA_VISIBLE_DEVICES;
  if (names === undefined) return gpus.map(({ index, text }) => ({ name: index!, text }));
  const visible: VisibleGpu[] = [];
  for (const name of names.split(',').map((part) => part.trim())) {
    const gpu = gpus.find(({ index, uuid }) => name === index || (name.length > 4 && uuid!.startsWith(name)));
    // CUDA, too, stops at the first name that means nothing. Parts of a GPU (MIG) are not among nvidia-smi's GPUs.
    if (gpu === undefined && !name.startsWith('MIG-')) break;
    visible.push({ name, text: gpu?.text ?? 'part of a GPU' });
  }
  if (visible.length > 0) return visible;
  throw noGpu(
    `CUDA_VISIBLE_DEVICES is ${JSON.stringify(names)}, which leaves none visible`,
    'unset it, or name one in it',
  );
}

function noGpu(why: string, hint: string): EngineError {
  return new EngineError(`GPUs were asked for, and none is found: ${why}`, { code: 'GPUS_NONE', hint });
}

function firstLine(...texts: readonly (string | undefined)[]): string {
  return texts.map((text) => (text ?? '').trim().split('\n')[0]!).find((line) => line !== '') ?? '';
}
