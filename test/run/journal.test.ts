import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openJournal, readJournal } from '../../src/run/journal.js';
import { sampleFolder } from './sample-run.js';

const now = (): Date => new Date('2026-11-22T09:30:00Z');

test('a journal keeps its events in the order of the calls', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  const journal = await openJournal(path, now);
  await Promise.all(Array.from({ length: 50 }, (_, epoch) => journal.append({ event: 'epoch', trial: 'a', epoch })));
  await journal.close();
  const events = await readJournal(path);
  expect(events.map((event) => (event.event === 'epoch' ? event.epoch : -1))).toEqual([...Array(50).keys()]);
  expect(events[0]).toEqual({ time: '2026-11-22T09:30:00.000Z', event: 'epoch', trial: 'a', epoch: 0 });
});

test('an event is in the file when its append resolves', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  const journal = await openJournal(path, now);
  await journal.append({ event: 'queued', trial: 'a' }, { event: 'queued', trial: 'b' });
  expect((await readFile(path, 'utf8')).split('\n').length).toBe(3);
  await journal.close();
});

test('a torn last line is dropped by readers and cut off before the next event', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  const whole = '{"time":"2026-11-22T09:30:00.000Z","event":"queued","trial":"a"}\n';
  await writeFile(path, `${whole}{"time":"2026-11-22T09:3`);
  expect(await readJournal(path)).toHaveLength(1);
  const journal = await openJournal(path, now);
  await journal.append({ event: 'queued', trial: 'b' });
  await journal.close();
  expect(await readFile(path, 'utf8')).toBe(whole + whole.replace('"a"', '"b"'));
});

test('a journal that is nothing but one torn line, longer than a disk block, starts anew', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  await writeFile(path, `{"event":"${'x'.repeat(10_000)}`);
  const journal = await openJournal(path, now);
  await journal.append({ event: 'queued', trial: 'b' });
  await journal.close();
  expect(await readJournal(path)).toHaveLength(1);
});

test('a journal that does not exist has no events', async () => {
  expect(await readJournal('/nowhere/journal.ndjson')).toEqual([]);
});

test('trials that end one after another are in the file at once, and share a sync', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  const journal = await openJournal(path, now);
  const handle = await open(path);
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
  await handle.close();
  try {
    for (let n = 0; n < 20; n++) {
      await journal.append({ event: 'finished', trial: `t${n}`, state: 'complete', seconds: 1 });
    }
    expect(await readJournal(path)).toHaveLength(20);
    expect(sync).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(sync).toHaveBeenCalledTimes(1), 5000);
    await journal.append({ event: 'run-finished', state: 'complete', seconds: 1 });
    expect(sync).toHaveBeenCalledTimes(2);
  } finally {
    sync.mockRestore();
    await journal.close();
  }
});

test('a disk that does not take what was written is an error of the next event', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  const journal = await openJournal(path, now);
  const handle = await open(path);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const sync = vi.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('EIO'));
  try {
    await journal.append({ event: 'finished', trial: 'a', state: 'complete', seconds: 1 });
    await vi.waitFor(() => expect(sync).toHaveBeenCalledTimes(1), 5000);
    await expect(journal.append({ event: 'queued', trial: 'b' })).rejects.toThrow('EIO');
  } finally {
    sync.mockRestore();
    await journal.close();
  }
});

test('lines of a journal that are JSON and no events are dropped', async () => {
  const path = join(await sampleFolder(), 'journal.ndjson');
  const lines = ['null', '1', '"queued"', '[]', '{}', '{"event":"started"}', '{"event":"queued","trial":"a"}'];
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  expect(await readJournal(path)).toEqual([{ event: 'queued', trial: 'a' }]);
});
