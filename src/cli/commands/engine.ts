import { constants } from 'node:os';
import { type Command, Option } from 'commander';
import { EngineError } from '../../errors.js';
import type { CommandContext } from '../command.js';

interface InstallOptions {
  readonly gpu: boolean;
  readonly from: string;
}

/** `sweep engine install|remove tensorflow`: fetches and builds the engine that no npm install can count on. */
export function configure(command: Command, context: CommandContext): void {
  command
    .command('install')
    .description('fetch and build the engine tensorflow, for the GPU or the CPU')
    .argument('<engine>', 'tensorflow')
    .option('--gpu', 'for NVIDIA GPUs: takes a build with CUDA, and CUDA itself', false)
    .addOption(
      new Option(
        '--from <source>',
        'npm: the published binaries (libtensorflow 2.9.1; CUDA 11.2); wheel: TensorFlow as pip provides it (CUDA 12), ' +
          'built here; or the path of a wheel or of an installed tensorflow package',
      ).default('wheel'),
    )
    .action((engine: string, options: InstallOptions) => install(engine, options, context));
  command
    .command('remove')
    .description('remove it again')
    .argument('<engine>', 'tensorflow')
    .action((engine: string) => remove(engine, context));
}

async function install(
  engine: string,
  { gpu, from }: InstallOptions,
  { stderr, stdout, exit }: CommandContext,
): Promise<void> {
  requireTensorflow(engine);
  const { installTensorflow } = await import('../../engine/tensorflow/install/install.js');
  const interrupted = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => interrupted.abort(signal);
  // Not `once`: execa ends the process where a signal has no listener left but its own.
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const start = Date.now();
  try {
    const { tensorflow, cuda, cudnn, folder } = await installTensorflow({
      from,
      gpu,
      signal: interrupted.signal,
      onStep: (text) => stderr.write(`${((Date.now() - start) / 1000).toFixed(0).padStart(4)} s  ${text}\n`),
    });
    const build = cuda === null ? 'for the CPU' : `for CUDA ${cuda}, cuDNN ${cudnn}`;
    stdout.write(`The engine tensorflow is installed: libtensorflow ${tensorflow} ${build}, in ${folder}\n`);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    stderr.write('Interrupted: nothing was changed.\n');
    exit(128 + constants.signals[interrupted.signal.reason as NodeJS.Signals]);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function remove(engine: string, { stdout }: CommandContext): Promise<void> {
  requireTensorflow(engine);
  const { removeTensorflow } = await import('../../engine/tensorflow/install/install.js');
  const removed = await removeTensorflow();
  stdout.write(removed ? 'The engine tensorflow is removed.\n' : 'The engine tensorflow is not installed.\n');
}

function requireTensorflow(engine: string): void {
  if (engine === 'tensorflow') return;
  throw new EngineError(`expected an engine that is installed apart, found ${engine}`, {
    code: 'ENGINE_NOT_INSTALLABLE',
    hint: 'only `tensorflow` is; native and wasm come with Sweepline',
  });
}
