import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  describeLibtensorflow,
  placeInDeps,
  takeLibtensorflow,
} from '../../../src/engine/tensorflow/install/libtensorflow.js';
import { writeZip } from '../../write-zip.js';

const METADATA = `Metadata-Version: 2.4
Name: tensorflow
Version: 2.21.0
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"
`;
const CPU_BUILD = "build_info = collections.OrderedDict([('is_cuda_build', False), ('is_rocm_build', False)])\n";
const CUDA_BUILD =
  "build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True)])\n";
/** A package of TensorFlow with stand-ins for its files, and some that nobody needs here. */
const FILES: Readonly<Record<string, string>> = {
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/eager/c_api.h': 'eager',
  'tensorflow/include/xla/tsl/c/tsl_status.h': 'status',
  'tensorflow/include/tensorflow/core/framework/op.h': 'not needed',
  'tensorflow/python/platform/build_info.py': CPU_BUILD,
  'tensorflow/python/ops.py': 'not needed',
  'tensorflow-2.21.0.dist-info/METADATA': METADATA,
};
const TAKEN = [
  'include/tensorflow/c/eager/c_api.h',
  'include/xla/tsl/c/tsl_status.h',
  'lib/libtensorflow_cc.so.2',
  'lib/libtensorflow_framework.so.2',
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sweepline-libtensorflow-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a TensorFlow wheel', () => {
  it('gives the libraries and the headers that the binding includes, and nothing else', async () => {
    const wheel = path.join(folder, 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl');
    await writeFile(wheel, writeZip(FILES));
    const taken = await takeLibtensorflow(wheel, path.join(folder, 'deps'));
    expect(taken).toEqual({
      version: '2.21.0',
      cuda: null,
      cudnn: null,
      cudaPackages: ['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12<10.0,>=9.3.0.75'],
    });
    expect(await filesIn(path.join(folder, 'deps'))).toEqual(TAKEN);
    expect(await readFile(path.join(folder, 'deps/lib/libtensorflow_cc.so.2'), 'utf8')).toBe('cc');
  });

  it('is refused when the libraries are not in it', async () => {
    const wheel = path.join(folder, 'numpy.whl');
    await writeFile(wheel, writeZip({ 'numpy/__init__.py': '' }));
    await expect(takeLibtensorflow(wheel, path.join(folder, 'deps'))).rejects.toMatchObject({
      code: 'ENGINE_INSTALL_LIBRARY',
      message: `expected TensorFlow's libtensorflow_cc.so.2 at ${wheel}, found none`,
    });
  });

  it('is refused when there is no such file', async () => {
    const wheel = path.join(folder, 'nowhere.whl');
    await expect(takeLibtensorflow(wheel, folder)).rejects.toMatchObject({ code: 'ENGINE_INSTALL_LIBRARY' });
  });
});

describe('an installed tensorflow', () => {
  it.each(['site-packages', 'site-packages/tensorflow'])('gives the same by the path %s', async (given) => {
    const packages = path.join(folder, 'site-packages');
    for (const [name, content] of Object.entries({ ...FILES, 'nvidia/cublas/lib/libcublas.so.12': 'cublas' })) {
      await mkdir(path.dirname(path.join(packages, name)), { recursive: true });
      await writeFile(path.join(packages, name), content);
    }
    const deps = path.join(folder, 'deps');
    expect((await takeLibtensorflow(path.join(folder, given), deps)).version).toBe('2.21.0');
    expect((await filesIn(deps)).filter((name) => name !== 'nvidia')).toEqual(TAKEN);
    expect(await readlink(path.join(deps, 'nvidia'))).toBe(path.join(packages, 'nvidia'));
  });
});

it('reads from the package for which CUDA and cuDNN it was built', () => {
  expect(describeLibtensorflow(METADATA, CUDA_BUILD)).toMatchObject({ cuda: '12.5.1', cudnn: '9' });
});

it('finds a place for nothing outside the package of TensorFlow', () => {
  expect(placeInDeps('libtensorflow_cc.so.2')).toBeNull();
  expect(placeInDeps('tensorflow/include/tensorflow/c/../../../../x.h')).toBeNull();
});

async function filesIn(where: string): Promise<string[]> {
  const entries = await readdir(where, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(where, path.join(entry.parentPath, entry.name)))
    .sort();
}
