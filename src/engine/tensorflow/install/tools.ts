import { mkdir, statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { EngineError } from '../../../errors.js';

/** A program that answered, by the words that call it. */
export interface Tool {
  readonly command: readonly [string, ...string[]];
  readonly version: string;
}

/** npm, which fetches tfjs-node. */
export function requireNpm(): Promise<Tool> {
  return requireTool([['npm', '--version']], 'npm', 'npm comes with Node; put it on the PATH');
}

/** A C++ compiler, which builds tfjs-node's binding: $CXX, then c++, g++, clang++. */
export function requireCompiler(): Promise<Tool> {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined && name !== '');
  return requireTool(
    names.map((name) => [name!, '--version']),
    'a C++ compiler',
    'install one (Debian and Ubuntu: `apt-get install g++`), or set CXX',
  );
}

/** pip, which fetches TensorFlow's wheel. */
export function requirePip(): Promise<Tool> {
  return requireTool(
    [
      ['python3', '-m', 'pip', '--version'],
      ['python', '-m', 'pip', '--version'],
      ['pip', '--version'],
    ],
    'Python with pip',
    'install Python and pip, or give a wheel that is already here: `--from path/to/tensorflow.whl`',
  );
}

/** Makes a folder whose disk has so many bytes free; throws EngineError where it has not. */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (n: number): string => `${(n / 1e9).toFixed(1)} GB`;
  throw new EngineError(`expected ${gigabytes(bytes)} free in ${folder}, found ${gigabytes(bavail * bsize)}`, {
    code: 'ENGINE_INSTALL_SPACE',
    hint: 'make room, or set SWEEPLINE_CACHE to a folder on another disk',
  });
}

/** Runs a step's program to its end; throws EngineError with what it said last when it fails. */
export async function runStep(
  command: readonly [string, ...string[]],
  { cwd, signal, hint }: { readonly cwd: string; readonly signal: AbortSignal; readonly hint: string },
): Promise<string> {
  const [file, ...args] = command;
  const { failed, all, stdout, shortMessage } = await execa(file, args, {
    cwd,
    cancelSignal: signal,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  signal.throwIfAborted();
  if (!failed) return stdout;
  const said = all.trim().split('\n').slice(-6).join('\n  ');
  throw new EngineError(`${shortMessage?.split('\n')[0] ?? `${file} failed`}\n  ${said}`, {
    code: 'ENGINE_INSTALL_STEP',
    hint,
  });
}

async function requireTool(calls: readonly (readonly string[])[], what: string, hint: string): Promise<Tool> {
  for (const [file, ...args] of calls) {
    const { failed, stdout } = await execa(file!, args, { reject: false, timeout: 30_000, stdin: 'ignore' });
    if (failed) continue;
    return { command: [file!, ...args.slice(0, -1)], version: stdout.split('\n')[0]!.trim() };
  }
  throw new EngineError(`expected ${what}, found none`, { code: 'ENGINE_INSTALL_TOOL', hint });
}
