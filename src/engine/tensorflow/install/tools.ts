import { mkdir, statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { EngineError } from '../../../errors.js';

/** A program that answered, by the words that call it. */
export interface Tool {
  readonly command: readonly [string, ...string[]];
  readonly version: string;
}

/** How long a program may take to say its version: a Python on a network drive is slow to start. */
const PATIENCE_MS = 60_000;

interface ToolOptions {
  readonly hint: string;
  readonly patienceMs?: number;
}

/** npm, which fetches tfjs-node. */
export function requireNpm(): Promise<Tool> {
  return requireTool([['npm', '--version']], 'npm', { hint: 'npm comes with Node; put it on the PATH' });
}

/** A C++ compiler, which builds tfjs-node's binding: $CXX, then c++, g++, clang++. */
export function requireCompiler(): Promise<Tool> {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter((name) => name !== undefined && name !== '');
  return requireTool(
    names.map((name) => [name!, '--version']),
    'a C++ compiler',
    { hint: 'install one (Debian and Ubuntu: `apt-get install g++`), or set CXX' },
  );
}

/** pip, which fetches TensorFlow's wheel. */
export function requirePip(patienceMs?: number): Promise<Tool> {
  return requireTool(
    [
      ['python3', '-m', 'pip', '--version'],
      ['python', '-m', 'pip', '--version'],
      ['pip', '--version'],
    ],
    'Python with pip',
    {
      hint: 'install Python and pip, or give a wheel that is already here: `--from path/to/tensorflow.whl`',
      ...(patienceMs === undefined ? {} : { patienceMs }),
    },
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

/** Asks the calls in turn until one answers; says of those that are there why they did not. */
async function requireTool(calls: readonly (readonly string[])[], what: string, options: ToolOptions): Promise<Tool> {
  const { hint, patienceMs = PATIENCE_MS } = options;
  const reasons: string[] = [];
  for (const [file, ...args] of calls) {
    const asked = await execa(file!, args, { reject: false, timeout: patienceMs, stdin: 'ignore', all: true });
    if (!asked.failed) {
      return { command: [file!, ...args.slice(0, -1)], version: asked.stdout.split('\n')[0]!.trim() };
    }
    const call = `\`${[file, ...args].join(' ')}\``;
    const said = (asked.all ?? '').trim().split('\n').at(-1) ?? '';
    if (asked.timedOut) reasons.push(`${call} did not answer within ${patienceMs / 1000} s`);
    else if (asked.code !== 'ENOENT') {
      reasons.push(`${call} failed${said === '' ? ` (${(asked.shortMessage ?? '').split('\n')[0]})` : `: ${said}`}`);
    }
  }
  throw new EngineError(
    `expected ${what}, found ${reasons.length === 0 ? 'none' : `none that works: ${reasons.join('; ')}`}`,
    {
      code: 'ENGINE_INSTALL_TOOL',
      hint,
    },
  );
}
