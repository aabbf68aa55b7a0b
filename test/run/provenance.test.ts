import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { provenance } from '../../src/run/provenance.js';
import { sampleFolder } from './sample-run.js';

test('provenance names the commit, the branch and whether tracked files differ from it', async () => {
  const folder = await sampleFolder();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '--quiet', '--initial-branch', 'work');
  await writeFile(join(folder, 'file'), 'one');
  git('add', 'file');
  git('commit', '--quiet', '--message', 'First');
  const commit = git('rev-parse', 'HEAD').trim();
  await writeFile(join(folder, 'untracked'), '');
  expect((await provenance(folder)).git).toEqual({ commit, dirty: false, branch: 'work' });
  await writeFile(join(folder, 'file'), 'two');
  expect((await provenance(folder)).git).toEqual({ commit, dirty: true, branch: 'work' });
});

test('provenance outside a repository has no git and still knows the machine', async () => {
  const { git, machine, node } = await provenance(await sampleFolder());
  expect(git).toBeNull();
  expect(node).toBe(process.version);
  expect(machine.cores).toBeGreaterThan(0);
});
