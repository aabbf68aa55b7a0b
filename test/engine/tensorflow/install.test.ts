import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type InstallRequest,
  installTensorflow,
  removeTensorflow,
} from '../../../src/engine/tensorflow/install/install.js';
import { requirePip } from '../../../src/engine/tensorflow/install/tools.js';
import { engineFolder, readInstallation } from '../../../src/engine/tensorflow/installation.js';
import { writeZip } from '../../write-zip.js';

const before = { ...process.env };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sweepline-install-'));
  process.env.SWEEPLINE_CACHE = path.join(folder, 'cache');
  process.env.CXX = '';
});
afterEach(async () => {
  Object.assign(process.env, { PATH: before.PATH, CXX: before.CXX ?? '' });
  if (before.SWEEPLINE_CACHE === undefined) delete process.env.SWEEPLINE_CACHE;
  else process.env.SWEEPLINE_CACHE = before.SWEEPLINE_CACHE;
  await rm(folder, { recursive: true });
});

// The commands of these tests are shell scripts, and the wheel is Linux's.
describe.skipIf(process.platform !== 'linux')('installing the engine', () => {
  it('says what is missing before it fetches anything', async () => {
    await commands({ npm: 'echo 11.0.0' });
    await expect(install({ from: 'wheel' })).rejects.toMatchObject({
      message: 'expected a C++ compiler, found none',
      code: 'ENGINE_INSTALL_TOOL',
    });
    expect(await left()).toEqual([]);
  });

  it('tells a pip that does not answer from none, and one that fails from both', async () => {
    await commands({ python3: 'exec /bin/sleep 600', pip: 'echo "No module named pip" >&2; exit 1' });
    await expect(requirePip(300)).rejects.toMatchObject({
      message:
        'expected Python with pip, found none that works: `python3 -m pip --version` did not answer within 0.3 s; ' +
        '`pip --version` failed: No module named pip',
      code: 'ENGINE_INSTALL_TOOL',
    });
    await commands({ pip: 'echo pip 24' });
    await rm(path.join(folder, 'bin', 'python3'));
    expect(await requirePip(10_000)).toEqual({ command: ['pip'], version: 'pip 24' });
  });

  it.each([
    ['nothing', async () => path.join(folder, 'none.whl'), 'expected a wheel or an installed tensorflow package at'],
    ['a file that is no wheel', () => file('tensorflow.whl', 'hello'), 'expected a wheel, which is a zip archive at'],
    ['a folder without TensorFlow', async () => folder, "expected TensorFlow's libtensorflow_cc.so.2 at"],
    [
      'a wheel without its library',
      () => file('tensorflow-2.21.0-cp311-cp311-win_amd64.whl', writeZip({ 'tensorflow/a.dll': '' })),
      "expected TensorFlow's libtensorflow_cc.so.2 at",
    ],
    [
      "another machine's wheel",
      () => file('tensorflow-2.21.0-cp311-cp311-manylinux_2_27_i686.whl', writeZip(LIBRARIES)),
      'expected a wheel for',
    ],
  ])('refuses %s before it fetches anything', async (_name, make, message) => {
    await commands({});
    await expect(install({ from: await make() })).rejects.toMatchObject({
      message: expect.stringContaining(message),
      code: 'ENGINE_INSTALL_LIBRARY',
    });
    expect(await left()).toEqual([]);
  });

  it('shows what a failing step said last, and leaves nothing behind', async () => {
    await commands({
      npm: '[ "$1" = --version ] && echo 11.0.0 || { echo "E404 not found" >&2; exit 1; }',
      'c++': 'echo c++',
    });
    await expect(install({ from: await wheel() })).rejects.toMatchObject({
      message: expect.stringMatching(/exit code 1.*\n {2}E404 not found/),
      code: 'ENGINE_INSTALL_STEP',
    });
    expect(await left()).toEqual([]);
  });

  it('builds the binding against the libraries of a wheel, and keeps what was there before when the result does not load', async () => {
    await mkdir(await engineFolder(), { recursive: true });
    await writeFile(path.join(await engineFolder(), 'engine.json'), '{"tensorflow": "2.9.1"}');
    await commands({
      npm: NPM,
      'c++': `[ "$1" = --version ] && echo c++ 12 || printf '%s\\n' "$@" > '${folder}/arguments'`,
    });
    const steps: string[] = [];
    await expect(install({ from: await wheel(), onStep: (text) => steps.push(text) })).rejects.toMatchObject({
      code: 'ENGINE_INSTALL_BROKEN',
    });
    expect(steps.map((text) => text.split(' ')[0])).toEqual(['checked:', 'npm', 'taking', 'building', 'trying']);
    expect(await readFile(path.join(folder, 'arguments'), 'utf8')).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
    expect(await readInstallation(await engineFolder())).toMatchObject({ tensorflow: '2.9.1' });
    expect(await left()).toEqual([path.basename(await engineFolder())]);
  });

  it('runs the script of the published package, and builds the binding where that gives none', async () => {
    const builds = `[ "$1" = --version ] && echo c++ 12 || printf '%s\\n' "$@" > '${folder}/arguments'`;
    await commands({ npm: published('/bin/touch deps/lib/libtensorflow.so.2; exit 1'), 'c++': builds });
    const steps: string[] = [];
    // The stand-ins do not load.
    await expect(install({ from: 'npm', onStep: (text) => steps.push(text) })).rejects.toMatchObject({
      code: 'ENGINE_INSTALL_BROKEN',
    });
    expect(steps.map((text) => text.split(' ')[0])).toEqual(['npm', 'its', 'it', 'trying']);
    expect(await readFile(path.join(folder, 'arguments'), 'utf8')).toMatch(/deps\/lib\/libtensorflow\.so\.2$/m);
    expect(await left()).toEqual([]);
  });

  it.each([
    ['whose download fails', 'echo ENOTFOUND >&2; exit 1'],
    ['whose download breaks off', '/bin/touch deps/lib/libtensorflow.so.2; echo ENOTFOUND >&2; exit 1'],
  ])('says of a published package %s what its script said, and names a mirror', async (_, script) => {
    await commands({ npm: published(script), 'c++': '[ "$1" = --version ] && echo c++ 12 || exit 1' });
    await expect(install({ from: 'npm' })).rejects.toMatchObject({
      message: expect.stringMatching(/ENOTFOUND$/),
      code: 'ENGINE_INSTALL_STEP',
      hint: expect.stringContaining('TFJS_NODE_CDN_STORAGE'),
    });
    expect(await left()).toEqual([]);
  });

  it("puts Sweepline's own TensorFlow.js in the place of both packages that tfjs-node calls", async () => {
    await commands({
      npm: `[ "$1" = --version ] && echo 11.0.0 || { /bin/cp package.json '${folder}'; /bin/cp -r tfjs-core '${folder}/stand-in'; mkdir -p node_modules/@tensorflow/tfjs-node; }`,
      'c++': 'echo c++ 12',
    });
    await expect(install({ from: await wheel() })).rejects.toMatchObject({ code: 'ENGINE_INSTALL_BROKEN' });
    expect(JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))).toMatchObject({
      dependencies: { '@tensorflow/tfjs': 'file:./tfjs', '@tensorflow/tfjs-core': 'file:./tfjs-core' },
      overrides: { '@tensorflow/tfjs': '$@tensorflow/tfjs', '@tensorflow/tfjs-core': '$@tensorflow/tfjs-core' },
    });
    expect(await readFile(path.join(folder, 'stand-in', 'index.js'), 'utf8')).toContain('sweepline.tfjs');
  });

  it("takes CUDA's libraries from the wheels that TensorFlow's names, to where it looks for them", async () => {
    const cuda =
      "build_info = OrderedDict([('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True)])";
    await writeFile(
      path.join(folder, 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'),
      writeZip({
        ...LIBRARIES,
        'tensorflow/python/platform/build_info.py': cuda,
        'tensorflow-2.21.0.dist-info/METADATA':
          'Version: 2.21.0\nRequires-Dist: nvidia-cublas-cu12<13.0,>=12.5; extra == "and-cuda"\n',
      }),
    );
    await writeFile(
      path.join(folder, 'nvidia_cublas_cu12-12.9-py3-none-manylinux_2_27_x86_64.whl'),
      writeZip({ 'nvidia/cublas/lib/libcublas.so.12': 'cublas', 'nvidia/cublas/include/cublas.h': 'not needed' }),
    );
    await commands({
      npm: NPM,
      // python3 -m pip download … --dest FOLDER -- REQUIREMENT
      python3: `[ "$3" = --version ] && { echo pip 24; exit; }
for last; do :; done
case $last in tensorflow) /bin/cp '${folder}'/tensorflow-*.whl . ;; nvidia-cublas-cu12*) /bin/cp '${folder}'/nvidia_cublas*.whl . ;; *) exit 1 ;; esac`,
      'c++': `[ "$1" = --version ] && echo c++ 12 || /usr/bin/find deps ! -type d > '${folder}/deps'`,
    });
    // The stand-ins do not load.
    await expect(install({ from: 'wheel', gpu: true })).rejects.toMatchObject({ code: 'ENGINE_INSTALL_BROKEN' });
    expect((await readFile(path.join(folder, 'deps'), 'utf8')).trim().split('\n').sort()).toEqual([
      'deps/lib/libtensorflow_cc.so.2',
      'deps/lib/libtensorflow_framework.so.2',
      'deps/nvidia/cublas/lib/libcublas.so.12',
    ]);
  });

  it('refuses to install a TensorFlow without CUDA for a GPU', async () => {
    await commands({ npm: NPM, 'c++': 'echo c++ 12', python3: 'echo pip 24' });
    await expect(install({ from: await wheel(), gpu: true })).rejects.toMatchObject({
      code: 'ENGINE_INSTALL_NO_CUDA',
    });
    expect(await left()).toEqual([]);
  });

  it('stops when it is interrupted, and leaves nothing behind', async () => {
    await commands({ npm: NPM, 'c++': 'echo c++ 12' });
    const interrupted = new AbortController();
    const onStep = (text: string): void => {
      if (text.startsWith('npm')) interrupted.abort(new Error('interrupted'));
    };
    await expect(install({ from: await wheel(), signal: interrupted.signal, onStep })).rejects.toThrow('interrupted');
    expect(await left()).toEqual([]);
  });

  it('clears away what an install that was killed left, and not what another is at work on', async () => {
    const name = path.basename(await engineFolder());
    const [dead, alive] = [`.${name}-999999999-0123abcd`, `.${name}-${process.pid}-0123abcd`];
    for (const each of [dead, alive])
      await mkdir(path.join(path.dirname(await engineFolder()), each), { recursive: true });
    await commands({});
    await expect(install({ from: 'npm' })).rejects.toMatchObject({ code: 'ENGINE_INSTALL_TOOL' });
    expect(await left()).toEqual([alive]);
  });

  it('is undone by removing it', async () => {
    await mkdir(await engineFolder(), { recursive: true });
    await writeFile(path.join(await engineFolder(), 'engine.json'), '{}');
    expect(await removeTensorflow()).toBe(true);
    expect(await left()).toEqual([]);
    expect(await removeTensorflow()).toBe(false);
  });
});

const LIBRARIES = {
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
};

/** An `npm` that installs a package without anything in it. */
const NPM = `[ "$1" = --version ] && echo 11.0.0 || mkdir -p node_modules/@tensorflow/tfjs-node`;

/** An `npm` that installs a package whose install script does this, in the package's folder. */
function published(script: string): string {
  return `case $1 in
--version) echo 11.0.0 ;;
install) mkdir -p node_modules/@tensorflow/tfjs-node/deps/lib ;;
run) ${script} ;;
esac`;
}

async function install(request: Partial<InstallRequest>) {
  return installTensorflow({
    from: 'wheel',
    gpu: false,
    signal: new AbortController().signal,
    onStep: () => undefined,
    ...request,
  });
}

/** Makes these commands, shell scripts by name, the only ones beside the system's own tools. */
async function commands(scripts: Readonly<Record<string, string>>): Promise<void> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries({ mkdir: 'exec /bin/mkdir "$@"', ...scripts })) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  process.env.PATH = bin;
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(path.join(folder, name), content);
  return path.join(folder, name);
}

async function wheel(): Promise<string> {
  const file = path.join(folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl');
  await writeFile(file, writeZip(LIBRARIES));
  return file;
}

async function left(): Promise<string[]> {
  return (await readdir(path.dirname(await engineFolder())).catch(() => [])).sort();
}
