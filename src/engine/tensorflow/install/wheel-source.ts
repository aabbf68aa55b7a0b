import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors.js';
import { runStep, type Tool } from './tools.js';
import { unpackWheel } from './wheel.js';

interface Download {
  readonly pip: Tool;
  /** Where the wheel goes: a folder of its own. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Downloads one requirement's wheel with pip, from wherever pip is set up to look; gives its path. */
export async function downloadWheel(requirement: string, { pip, folder, signal }: Download): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // How long it waits and how often it tries again is the user's to set up: a slow line is not a missing wheel.
  const options = ['--no-deps', '--only-binary', ':all:', '--dest', folder];
  await runStep([...pip.command, 'download', ...options, '--', requirement], {
    cwd: folder,
    signal,
    hint: 'pip found no wheel for this Python and machine; give one by path: `--from path/to/tensorflow.whl`',
  });
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel !== undefined) return path.join(folder, wheel);
  throw new EngineError(`expected a wheel of ${requirement}, and pip downloaded none`, {
    code: 'ENGINE_INSTALL_WHEEL',
  });
}

/** Downloads CUDA's wheels and takes their libraries into `deps/nvidia`, where libtensorflow looks for them. */
export async function takeCudaLibraries(
  requirements: readonly string[],
  deps: string,
  download: Download,
): Promise<void> {
  for (const requirement of requirements) {
    const wheel = await downloadWheel(requirement, download);
    await unpackWheel(wheel, (member) => (isCudaFile(member) ? path.join(deps, member) : null));
  }
  await rm(download.folder, { recursive: true, force: true });
}

/** Libraries, and what XLA's compiler of kernels needs; no headers or samples. */
function isCudaFile(member: string): boolean {
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(member);
}
