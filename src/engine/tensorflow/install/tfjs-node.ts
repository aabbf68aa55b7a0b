import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TFJS_NODE_VERSION } from '../npm-copy.js';
import { STAND_IN } from '../shared-tfjs.js';
import { runStep, type Tool } from './tools.js';

export interface FetchOptions {
  readonly npm: Tool;
  readonly package: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';
  readonly signal: AbortSignal;
}

/**
 * Installs tfjs-node into a folder with npm, our stand-ins in the place of TensorFlow.js; gives its package's folder. Its
 * own install script does not run: see `runInstallScript`.
 */
export async function fetchTfjsNode(folder: string, options: FetchOptions): Promise<string> {
  const standIns = Object.entries(STAND_IN.packages);
  for (const [directory, name] of standIns) await writeStandIn(path.join(folder, directory), name);
  await writeJson(path.join(folder, 'package.json'), {
    name: 'sweepline-engine-tensorflow',
    private: true,
    dependencies: {
      ...Object.fromEntries(standIns.map(([directory, name]) => [name, `file:./${directory}`])),
      [options.package]: TFJS_NODE_VERSION,
    },
    overrides: Object.fromEntries(standIns.map(([, name]) => [name, `$${name}`])),
  });
  const flags = ['--ignore-scripts', '--install-links', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep([...options.npm.command, 'install', ...flags], {
    cwd: folder,
    signal: options.signal,
    hint: 'npm must reach its registry; see what npm said above',
  });
  return path.join(folder, 'node_modules', ...options.package.split('/'));
}

/**
 * Runs the package's own install script, which downloads libtensorflow and a binding for it, or builds that with node-gyp.
 * Apart from npm's install, which would take the download away again when the binding fails.
 */
export async function runInstallScript(
  packageFolder: string,
  { npm, signal }: Pick<FetchOptions, 'npm' | 'signal'>,
): Promise<void> {
  await runStep([...npm.command, 'run', 'install'], {
    cwd: packageFolder,
    signal,
    hint:
      'its script downloads libtensorflow from a host that fails for many: try `--from wheel`, or name a mirror with ' +
      'TFJS_NODE_CDN_STORAGE',
  });
}

async function writeStandIn(folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeJson(path.join(folder, 'package.json'), { name, version: STAND_IN.version, main: 'index.js' });
  for (const [file, content] of Object.entries(STAND_IN.files)) await writeFile(path.join(folder, file), content);
}

function writeJson(file: string, content: object): Promise<void> {
  return writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}
