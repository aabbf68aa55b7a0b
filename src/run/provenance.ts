import { readFile } from 'node:fs/promises';
import { cpus, hostname, totalmem } from 'node:os';
import { execa } from 'execa';
import type { RunInfo } from './journal-events.js';

/** What a run should be able to say later about its code and its machine; `git` is null outside a repository. */
export async function provenance(folder: string): Promise<Pick<RunInfo, 'sweepline' | 'node' | 'machine' | 'git'>> {
  const processors = cpus();
  return {
    sweepline: await ownVersion(),
    node: process.version,
    machine: {
      host: hostname(),
      platform: `${process.platform}-${process.arch}`,
      cpu: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      memory_bytes: totalmem(),
    },
    git: await gitState(folder),
  };
}

async function ownVersion(): Promise<string> {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version;
}

/** `dirty` means that tracked files differ from the commit. */
async function gitState(folder: string): Promise<RunInfo['git']> {
  const commit = await git(folder, ['rev-parse', 'HEAD']);
  if (commit === null) return null;
  const [branch, changes] = await Promise.all([
    git(folder, ['rev-parse', '--abbrev-ref', 'HEAD']),
    git(folder, ['status', '--porcelain', '--untracked-files=no']),
  ]);
  return { commit, dirty: changes !== '', branch: branch ?? 'HEAD' };
}

async function git(folder: string, args: readonly string[]): Promise<string | null> {
  // Optional locks off: asking for the state must not write into the user's repository.
  const options = {
    cwd: folder,
    env: { GIT_OPTIONAL_LOCKS: '0' },
    reject: false,
    timeout: 10_000,
    stdin: 'ignore',
  } as const;
  const { failed, stdout } = await execa('git', args, options);
  return failed ? null : stdout;
}
