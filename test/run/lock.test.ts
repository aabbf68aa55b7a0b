import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRun } from '../../src/run/lock.js';
import { sampleFolder } from './sample-run.js';

/** Changes the record of a folder's only lock. */
async function editLock(folder: string, change: object): Promise<string> {
  const [name] = (await readdir(folder)).filter((entry) => entry.startsWith('lock-'));
  const path = join(folder, name!);
  const record = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...record, ...change }));
  return path;
}

test('a lock is refused while its holder lives and given once it is released', async () => {
  const folder = await sampleFolder();
  const lock = await lockRun(folder);
  await expect(lockRun(folder)).rejects.toMatchObject({ code: 'RUN_LOCKED' });
  await lock.release();
  const next = await lockRun(folder);
  await next.release();
});

test('a lock whose process is gone is taken over', async () => {
  const folder = await sampleFolder();
  await lockRun(folder);
  // No system gives pids this high.
  await editLock(folder, { pid: 2 ** 30 });
  await (await lockRun(folder)).release();
});

test('a lock whose pid now belongs to another process is taken over', async () => {
  const folder = await sampleFolder();
  await lockRun(folder);
  await editLock(folder, { process_start: '1' });
  await (await lockRun(folder)).release();
});

test('a lock of another host is refused while its heart beats and taken over afterwards', async () => {
  const folder = await sampleFolder();
  await lockRun(folder);
  const path = await editLock(folder, { host: 'elsewhere' });
  await expect(lockRun(folder)).rejects.toThrow(`is being run by process ${process.pid} on elsewhere`);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(path, longAgo, longAgo);
  await (await lockRun(folder)).release();
});

test('a lock of another host whose heart beat in the future, before the clock was set back, is taken over', async () => {
  const folder = await sampleFolder();
  await lockRun(folder);
  const path = await editLock(folder, { host: 'elsewhere' });
  const toCome = new Date(Date.now() + 3_600_000);
  await utimes(path, toCome, toCome);
  await (await lockRun(folder)).release();
});

test('of many that want a stale lock one gets it', async () => {
  const folder = await sampleFolder();
  await lockRun(folder);
  await editLock(folder, { pid: 2 ** 30 });
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await readdir(folder)).length).toBe(1);
});
