import { copyFile, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors.js';
import { readWheelTexts, unpackWheel } from './wheel.js';

/** What a Python package of TensorFlow says of its libraries. */
export interface Libtensorflow {
  readonly version: string;
  /** The versions it was built for; null for a build without CUDA. */
  readonly cuda: string | null;
  readonly cudnn: string | null;
  /** The requirements of its extra `and-cuda`: the wheels that hold the CUDA libraries. */
  readonly cudaPackages: readonly string[];
}

/** TensorFlow's libraries, beside which the Python package has its headers. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;
/** Where the C headers and what they include lie: all headers together are 13,000 files. */
const HEADERS = /^(tensorflow\/(c|core\/platform)|tsl\/platform|tensorflow\/tsl\/platform|xla\/tsl\/c)\/.*\.h$/;
const BUILD_INFO = 'tensorflow/python/platform/build_info.py';

/**
 * Takes the libraries and headers of a TensorFlow wheel, or of an installed `tensorflow` package, into `deps`.
 * @throws EngineError when they are not there.
 */
export async function takeLibtensorflow(from: string, deps: string): Promise<Libtensorflow> {
  const isFolder = await stat(from).then(
    (found) => found.isDirectory(),
    () => {
      throw missing('a wheel or an installed tensorflow package', from);
    },
  );
  const taken = await (isFolder ? takeInstalled(from, deps) : takeWheel(from, deps));
  for (const library of LIBRARIES) {
    if (!(await exists(path.join(deps, 'lib', library)))) throw missing(`TensorFlow's ${library}`, from);
  }
  return taken;
}

/** Where a file of the Python package belongs in `deps`, or null for what the binding does not need. */
export function placeInDeps(member: string): string | null {
  if (member.split('/').includes('..')) return null;
  const name = member.replace(/^tensorflow\//, '');
  if (name === member) return null;
  if ((LIBRARIES as readonly string[]).includes(name)) return `lib/${name}`;
  const header = name.replace(/^include\//, '');
  return header !== name && HEADERS.test(header) ? name : null;
}

/** What the package's METADATA and its build_info.py say. */
export function describeLibtensorflow(metadata: string, buildInfo: string): Libtensorflow {
  const value = (key: string): string | null => new RegExp(`'${key}', '([^']*)'`).exec(buildInfo)?.[1] ?? null;
  const isCuda = /'is_cuda_build', True/.test(buildInfo);
  const requirements = metadata.matchAll(/^Requires-Dist: (nvidia-[^;]*);.*extra == ["']and-cuda["']/gm);
  return {
    version: /^Version: (.*)$/m.exec(metadata)?.[1]?.trim() ?? 'unknown',
    cuda: isCuda ? (value('cuda_version') ?? 'unknown') : null,
    cudnn: isCuda ? (value('cudnn_version') ?? 'unknown') : null,
    cudaPackages: [...requirements].map((match) => match[1]!.trim()),
  };
}

async function takeWheel(wheel: string, deps: string): Promise<Libtensorflow> {
  await unpackWheel(wheel, (member) => {
    const place = placeInDeps(member);
    return place === null ? null : path.join(deps, place);
  });
  const isMetadata = (member: string): boolean => /^tensorflow[^/]*\.dist-info\/METADATA$/.test(member);
  const texts = await readWheelTexts(wheel, (member) => isMetadata(member) || member === BUILD_INFO);
  const metadata = [...texts.keys()].find(isMetadata);
  return describeLibtensorflow(texts.get(metadata ?? '') ?? '', texts.get(BUILD_INFO) ?? '');
}

/** `from` is the folder `tensorflow` of a Python environment, or the one it lies in. */
async function takeInstalled(from: string, deps: string): Promise<Libtensorflow> {
  const isParent = await exists(path.join(from, 'tensorflow', LIBRARIES[0]));
  const packages = isParent ? from : path.dirname(path.resolve(from));
  const source = path.join(packages, 'tensorflow');
  const headers = await readdir(path.join(source, 'include'), { recursive: true }).catch(() => []);
  for (const name of [...LIBRARIES, ...headers.map((header) => `include/${header.split(path.sep).join('/')}`)]) {
    const place = placeInDeps(`tensorflow/${name}`);
    if (place === null || !(await exists(path.join(source, name)))) continue;
    await mkdir(path.dirname(path.join(deps, place)), { recursive: true });
    await copyFile(path.join(source, name), path.join(deps, place));
  }
  // libtensorflow looks for CUDA's libraries in `../nvidia`, beside its own folder.
  const nvidia = path.join(packages, 'nvidia');
  if (await exists(nvidia)) await symlink(nvidia, path.join(deps, 'nvidia'), 'dir');
  const read = (file: string): Promise<string> => readFile(path.join(packages, file), 'utf8').catch(() => '');
  const about = (await readdir(packages)).find((name) => /^tensorflow[^/]*\.dist-info$/.test(name));
  return describeLibtensorflow(about === undefined ? '' : await read(`${about}/METADATA`), await read(BUILD_INFO));
}

function missing(what: string, from: string): EngineError {
  return new EngineError(`expected ${what} at ${from}, found none`, {
    code: 'ENGINE_INSTALL_LIBRARY',
    hint: 'give a Linux wheel of `tensorflow` or `tensorflow-cpu`, or the folder `tensorflow` of a Python environment',
  });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
