import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RunError } from '../errors.js';
import { RunFolder } from './run-folder.js';

/**
 * Finds a run: `latest`, a run's id or the beginning of one in `runsFolder`, or the path of a run folder. Throws a
 * RunError that names the nearest runs when none or several answer.
 */
export async function openRun(reference: string, runsFolder = 'runs'): Promise<RunFolder> {
  if (reference === '') throw noSuchRun(reference, runsFolder, await listRuns(runsFolder));
  for (const path of [join(runsFolder, reference), resolve(reference)]) {
    // Resolves `latest`, so that a run always goes by its own name.
    if (await isRun(path)) return new RunFolder(await realpath(path));
  }
  const runs = await listRuns(runsFolder);
  // Links may be missing (archives, Windows); ids sort by time.
  const last = runs.at(-1);
  if (reference === 'latest' && last !== undefined) return new RunFolder(await realpath(join(runsFolder, last)));
  const matches = runs.filter((id) => id.startsWith(reference));
  if (matches.length === 1) return new RunFolder(await realpath(join(runsFolder, matches[0]!)));
  if (matches.length > 1) {
    throw new RunError(`${JSON.stringify(reference)} begins ${matches.length} runs: ${shortList(matches)}`, {
      code: 'RUN_AMBIGUOUS',
      hint: 'give more of the id',
    });
  }
  throw noSuchRun(reference, runsFolder, runs);
}

/** The ids of the runs in a folder, oldest first, links to runs elsewhere among them; none when the folder is missing. */
export async function listRuns(runsFolder: string): Promise<readonly string[]> {
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch(() => []);
  const ids: string[] = [];
  for (const entry of entries) {
    const path = join(runsFolder, entry.name);
    if (entry.name.startsWith('.') || !(await isRun(path))) continue;
    if (entry.isDirectory() || (entry.name !== 'latest' && (await leadsOut(path, runsFolder)))) ids.push(entry.name);
  }
  return ids.sort();
}

/** Whether a link is of a run elsewhere: within the runs folder it is only another name. */
async function leadsOut(link: string, runsFolder: string): Promise<boolean> {
  const [target, here] = await Promise.all([realpath(link), realpath(runsFolder)]);
  return dirname(target) !== here;
}

async function isRun(path: string): Promise<boolean> {
  const plan = await stat(new RunFolder(path).planFile).catch(() => null);
  return plan?.isFile() ?? false;
}

function noSuchRun(reference: string, runsFolder: string, runs: readonly string[]): RunError {
  return new RunError(`expected a run, found none that is called ${JSON.stringify(reference)} in ${runsFolder}`, {
    code: 'RUN_MISSING',
    hint:
      runs.length > 0 ? `there is ${shortList(runs)}` : `there are no runs in ${runsFolder}; give its path with --runs`,
  });
}

/** The newest few. */
function shortList(ids: readonly string[]): string {
  const shown = ids.slice(-3).reverse().join(', ');
  return ids.length > 3 ? `${shown}, …` : shown;
}
