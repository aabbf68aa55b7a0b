import { mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { runStep, type Tool } from './tools.js';

/** The N-API version that tfjs-node 4.22.0 looks for on every Node from 15 on. */
const NAPI = 8;

/** The library as wheels name it, and as the C library is published. */
const NAMES = ['libtensorflow_cc.so.2', 'libtensorflow.so.2'] as const;

/** The libtensorflow in a package's `deps`, by its name; null where there is none. */
export async function libraryIn(packageFolder: string): Promise<string | null> {
  const there = await readdir(path.join(packageFolder, 'deps', 'lib')).catch((): string[] => []);
  return NAMES.find((name) => there.includes(name)) ?? null;
}

/**
 * Builds tfjs-node's binding (2 files) in its package against the libtensorflow in `deps`. The compiler is called
 * directly: node-gyp would want Python, make and Node's own headers, of which the binding uses only Node-API's.
 */
export async function buildBinding(packageFolder: string, compiler: Tool, signal: AbortSignal): Promise<void> {
  const lib = path.join(packageFolder, 'deps', 'lib');
  const folder = path.join(packageFolder, 'lib', `napi-v${NAPI}`);
  await mkdir(folder, { recursive: true });
  await runStep(
    [
      ...compiler.command,
      '-shared',
      '-fPIC',
      '-std=c++17',
      '-O2',
      `-DNAPI_VERSION=${NAPI}`,
      `-I${apiHeaders()}`,
      `-I${path.join(packageFolder, 'deps', 'include')}`,
      `-I${packageFolder}`,
      path.join(packageFolder, 'binding', 'tfjs_backend.cc'),
      path.join(packageFolder, 'binding', 'tfjs_binding.cc'),
      '-o',
      path.join(folder, 'tfjs_binding.node'),
      path.join(lib, (await libraryIn(packageFolder)) ?? NAMES[0]),
      path.join(lib, 'libtensorflow_framework.so.2'),
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ],
    { cwd: packageFolder, signal, hint: 'the compiler must know C++17: g++ 8 or clang 7, or newer' },
  );
}

function apiHeaders(): string {
  return (createRequire(import.meta.url)('node-api-headers') as { include_dir: string }).include_dir;
}
