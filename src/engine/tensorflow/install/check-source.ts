import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors.js';
import { LIBRARIES } from './libtensorflow.js';
import { listWheel } from './wheel.js';

/**
 * Looks, before anything is fetched, whether a path is a TensorFlow to build against: a wheel for this machine, or a
 * folder of an installed package.
 * @throws EngineError where it is not.
 */
export async function checkSource(from: string): Promise<void> {
  const found = await stat(from).catch(() => null);
  if (found === null) throw unfit('a wheel or an installed tensorflow package', 'nothing', from);
  if (found.isDirectory()) {
    const parents = [from, path.join(from, 'tensorflow')];
    const has = await Promise.all(parents.map((folder) => stat(path.join(folder, LIBRARIES[0])).catch(() => null)));
    if (has.every((library) => library === null)) throw unfit(`TensorFlow's ${LIBRARIES[0]}`, 'none', from);
    return;
  }
  const members = await listWheel(from).catch((error: Error) => {
    throw unfit('a wheel, which is a zip archive', error.message, from);
  });
  if (!members.includes(`tensorflow/${LIBRARIES[0]}`)) throw unfit(`TensorFlow's ${LIBRARIES[0]}`, 'none', from);
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  const tag = /_(x86_64|aarch64|arm64|amd64|i686)\.whl$/.exec(from)?.[1];
  if (tag !== undefined && tag !== machine) throw unfit(`a wheel for ${machine}`, `one for ${tag}`, from);
}

function unfit(expected: string, found: string, from: string): EngineError {
  return new EngineError(`expected ${expected} at ${from}, found ${found}`, {
    code: 'ENGINE_INSTALL_LIBRARY',
    hint: 'give a Linux wheel of `tensorflow` or `tensorflow-cpu`, or the folder `tensorflow` of a Python environment',
  });
}
