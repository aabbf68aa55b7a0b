import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../errors.js';
import type { Installation } from './installation.js';

/** What each package is published for; in the order in which they are tried. */
const PUBLISHED = {
  '@tensorflow/tfjs-node-gpu': { cuda: '11.2', cudnn: '8.1' },
  '@tensorflow/tfjs-node': { cuda: null, cudnn: null },
} as const;

/** The version whose backend this engine was written for. */
export const TFJS_NODE_VERSION = '4.22.0';

/** From where a user's own packages are looked for: the working directory, then the place of this package. */
const STARTS = (): readonly string[] => [process.cwd(), fileURLToPath(new URL('../../..', import.meta.url))];

/** The folders of the tfjs-node packages that the user installed with npm, those for the GPU first. Loads nothing. */
export function npmCopies(starts: readonly string[] = STARTS()): readonly string[] {
  const found = Object.keys(PUBLISHED).flatMap((name) => starts.flatMap((start) => resolved(name, start)));
  return [...new Set(found)];
}

function resolved(name: string, start: string): string[] {
  try {
    const file = createRequire(path.join(start, 'package.json')).resolve(`${name}/package.json`);
    return [path.dirname(realpathSync.native(file))];
  } catch {
    return [];
  }
}

/**
 * Reads which tfjs-node lies in a folder, null where it is none; its libtensorflow is known once it is loaded.
 * @throws EngineError for one of another version than this engine was written for.
 */
export async function readNpmCopy(folder: string): Promise<Omit<Installation, 'tensorflow'> | null> {
  const { name, version } = await readFile(path.join(folder, 'package.json'), 'utf8')
    .then((text) => JSON.parse(text) as { readonly name?: unknown; readonly version?: unknown })
    .catch(() => ({ name: undefined, version: undefined }));
  if (name !== '@tensorflow/tfjs-node-gpu' && name !== '@tensorflow/tfjs-node') return null;
  const series = TFJS_NODE_VERSION.slice(0, TFJS_NODE_VERSION.lastIndexOf('.') + 1);
  if (typeof version !== 'string' || !version.startsWith(series)) {
    throw new EngineError(`expected ${name} ${series}x, found ${version} in ${folder}`, {
      code: 'ENGINE_TENSORFLOW_VERSION',
      hint: `\`npm install ${name}@${TFJS_NODE_VERSION}\`, or \`sweep engine install tensorflow\``,
    });
  }
  return { folder, package: name, source: 'npm', ...PUBLISHED[name] };
}
