import { FOLDER_VARIABLE } from '../engine/tensorflow/find-engine.js';
import { readNpmCopy, TFJS_NODE_VERSION } from '../engine/tensorflow/npm-copy.js';
import { EngineError } from '../errors.js';
import type { RunFolder } from '../run/run-folder.js';

/**
 * Has the processes of a run load the user's own tfjs-node that was chosen when it began, whatever lies in the working
 * directory now; one that the user names goes first.
 * @throws EngineError where the trials run `here` and it is gone.
 */
export async function useTensorflowOf(folder: RunFolder, { here }: { readonly here: boolean }): Promise<void> {
  const { tensorflow_folder: chosen } = await folder.readInfo();
  if (chosen === undefined || (process.env[FOLDER_VARIABLE] ?? '') !== '') return;
  // What a compute node sees need not be seen here.
  if (here && (await readNpmCopy(chosen)) === null) {
    throw new EngineError(`the run began with the tfjs-node in ${chosen}, found none there`, {
      code: 'ENGINE_TENSORFLOW_MISSING',
      hint: `install it there again (\`npm install @tensorflow/tfjs-node@${TFJS_NODE_VERSION}\`), or set ${FOLDER_VARIABLE} to the folder of another`,
    });
  }
  process.env[FOLDER_VARIABLE] = chosen;
}
