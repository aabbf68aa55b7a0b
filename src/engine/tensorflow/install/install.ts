import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors.js';
import { engineFolder, INSTALLATION_FILE, type Installation } from '../installation.js';
import { tryEngine } from '../try-engine.js';
import { buildBinding, libraryIn } from './binding.js';
import { checkSource } from './check-source.js';
import { type Libtensorflow, takeLibtensorflow } from './libtensorflow.js';
import { fetchTfjsNode, runInstallScript } from './tfjs-node.js';
import { requireCompiler, requireNpm, requirePip, requireSpace, type Tool } from './tools.js';
import { downloadWheel, takeCudaLibraries } from './wheel-source.js';

export interface InstallRequest {
  /** `npm`, `wheel` (by pip), or the path of a wheel or of an installed `tensorflow` package. */
  readonly from: string;
  readonly gpu: boolean;
  readonly signal: AbortSignal;
  /** Told of every step as it begins. */
  readonly onStep: (text: string) => void;
}

/**
 * Installs the engine `tensorflow` into its folder of the cache: built aside, tried in a process of its own, and only
 * then renamed into place, so that nothing half-installed is ever found. Takes the place of what was installed before.
 * @throws EngineError for a tool, disk space, a download or a library that is missing.
 */
export async function installTensorflow(request: InstallRequest): Promise<Installation> {
  const folder = await engineFolder();
  const parent = path.dirname(folder);
  await requireSpace(parent, SPACE[request.gpu ? 'gpu' : 'cpu']);
  await removeLeftovers(parent, path.basename(folder));
  const aside = path.join(parent, `.${path.basename(folder)}-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(aside);
  try {
    const made = await (request.from === 'npm' ? installPublished(aside, request) : installFromWheel(aside, request));
    const record = path.join(aside, INSTALLATION_FILE);
    await writeFile(record, jsonText(made));
    request.onStep('trying it');
    const answer = await tryEngine(aside);
    if (!answer.works) throw doesNotWork(answer.reason);
    // A mirror may have another version than the one that was asked for.
    const installed: Made = { ...made, tensorflow: answer.variant };
    await writeFile(record, jsonText(installed));
    request.signal.throwIfAborted();
    await replaceFolder(folder, aside);
    return { ...installed, folder };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Removes the engine; false when there was none. */
export async function removeTensorflow(): Promise<boolean> {
  const folder = await engineFolder();
  const parent = path.dirname(folder);
  await removeLeftovers(parent, path.basename(folder));
  const aside = path.join(parent, `.${path.basename(folder)}-removed`);
  try {
    await rename(folder, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
  return true;
}

/** Bytes: libtensorflow is 0.9 GB beside its wheel; CUDA's libraries are several. */
const SPACE = { cpu: 1.6e9, gpu: 12e9 };

type Made = Omit<Installation, 'folder'>;

async function installPublished(folder: string, { gpu, signal, onStep }: InstallRequest): Promise<Made> {
  const npm = await requireNpm();
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  onStep(`npm ${npm.version} fetches ${name}`);
  const packageFolder = await fetchTfjsNode(folder, { npm, package: name, signal });
  onStep('its script downloads libtensorflow 2.9.1 and a binding, or builds one');
  await runInstallScript(packageFolder, { npm, signal }).catch(async (error: unknown) => {
    if (signal.aborted || process.platform !== 'linux' || (await libraryIn(packageFolder)) === null) throw error;
    onStep('it gave no binding for the libtensorflow that it downloaded: building one');
    // Where that fails, too, the script's own words say more: its download may have broken off.
    await requireCompiler()
      .then((compiler) => buildBinding(packageFolder, compiler, signal))
      .catch(() => {
        throw error;
      });
  });
  const versions = gpu ? { cuda: '11.2', cudnn: '8.1' } : { cuda: null, cudnn: null };
  return { package: name, source: 'npm', tensorflow: '2.9.1', ...versions };
}

async function installFromWheel(folder: string, request: InstallRequest): Promise<Made> {
  const { gpu, signal, onStep } = request;
  if (process.platform !== 'linux') throw notLinux();
  if (request.from !== 'wheel') await checkSource(path.resolve(request.from));
  const npm = await requireNpm();
  const compiler = await requireCompiler();
  const pip = request.from === 'wheel' || gpu ? await requirePip() : null;
  onStep(
    `checked: npm ${npm.version}; ${compiler.version}${pip === null ? '' : `; ${pip.version.split(' from ')[0]}`}`,
  );

  onStep('npm fetches @tensorflow/tfjs-node (9 MB)');
  const name = '@tensorflow/tfjs-node';
  const packageFolder = await fetchTfjsNode(folder, { npm, package: name, signal });
  const deps = path.join(packageFolder, 'deps');
  const downloads = path.join(folder, 'downloads');
  const taken = await takeLibraries(request, { deps, pip, downloads });

  onStep(`building the binding against TensorFlow ${taken.version}`);
  await buildBinding(packageFolder, compiler, signal);
  return { package: name, source: 'wheel', tensorflow: taken.version, cuda: taken.cuda, cudnn: taken.cudnn };
}

interface Places {
  readonly deps: string;
  readonly pip: Tool | null;
  readonly downloads: string;
}

async function takeLibraries(
  { from, gpu, signal, onStep }: InstallRequest,
  { deps, pip, downloads }: Places,
): Promise<Libtensorflow> {
  let wheel = from;
  if (from === 'wheel') {
    const requirement = gpu ? 'tensorflow' : 'tensorflow-cpu';
    onStep(`pip downloads ${requirement} (some 0.3 GB${gpu ? ', then CUDA, several GB' : ''})`);
    wheel = await downloadWheel(requirement, { pip: pip!, folder: downloads, signal });
  }
  onStep(`taking the libraries of ${path.basename(wheel)}`);
  const taken = await takeLibtensorflow(path.resolve(wheel), deps);
  await rm(downloads, { recursive: true, force: true });
  if (!gpu) return taken;
  if (taken.cuda === null) throw noCuda(wheel);
  if (!(await readdir(deps)).includes('nvidia')) {
    onStep(`pip downloads CUDA ${taken.cuda}: ${taken.cudaPackages.length} wheels`);
    await takeCudaLibraries(taken.cudaPackages, deps, { pip: pip!, folder: downloads, signal });
  }
  return taken;
}

function jsonText(made: Made): string {
  return `${JSON.stringify(made, null, 2)}\n`;
}

async function replaceFolder(folder: string, by: string): Promise<void> {
  const old = `${by}-old`;
  const had = await rename(folder, old).then(
    () => true,
    () => false,
  );
  try {
    await rename(by, folder);
  } catch (error) {
    if (had) await rename(old, folder);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** What installs that were killed left aside; one that is at work keeps its own. */
async function removeLeftovers(parent: string, name: string): Promise<void> {
  const entries = await readdir(parent).catch(() => []);
  for (const entry of entries) {
    if (!entry.startsWith(`.${name}-`)) continue;
    const owner = Number(/-(\d+)-[0-9a-f]{8}(-old)?$/.exec(entry)?.[1]);
    if (!isRunning(owner)) await rm(path.join(parent, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function doesNotWork(reason: string): EngineError {
  return new EngineError(`the engine was built and does not work here: ${reason}`, {
    code: 'ENGINE_INSTALL_BROKEN',
    hint: 'nothing was changed; another TensorFlow may work: `--from path/to/tensorflow.whl`',
  });
}

function notLinux(): EngineError {
  return new EngineError(`expected Linux for TensorFlow's wheel, found ${process.platform}`, {
    code: 'ENGINE_INSTALL_PLATFORM',
    hint: 'use `--from npm`, the published binaries',
  });
}

function noCuda(wheel: string): EngineError {
  return new EngineError(`expected a TensorFlow built for CUDA, found one for the CPU: ${wheel}`, {
    code: 'ENGINE_INSTALL_NO_CUDA',
    hint: 'give a wheel of `tensorflow` (not `tensorflow-cpu`), or leave --gpu out',
  });
}
