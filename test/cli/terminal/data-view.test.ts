import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { dataLine, dataView } from '../../../src/cli/terminal/data-view.js';
import type { DataProgress } from '../../../src/data/progress.js';

function collect(): { readonly stream: Writable; text: string } {
  const collected = {
    text: '',
    stream: new Writable({
      write(chunk, _, done) {
        collected.text += chunk.toString();
        done();
      },
    }),
  };
  return collected;
}

const story: readonly DataProgress[] = [
  { stage: 'download', name: 'https://example.org/reviews.tar.gz', done: 0, total: 84_125_825 },
  { stage: 'download', name: 'https://example.org/reviews.tar.gz', done: 28_600_000, total: 84_125_825 },
  { stage: 'read', name: 'reviews.tar.gz', done: 1000, total: null },
  { stage: 'encode', name: 'reviews.tar.gz', done: 0, total: null },
];

test('a line says what is done with which data, and how far it is', () => {
  expect(story.map(dataLine)).toEqual([
    'downloading https://example.org/reviews.tar.gz',
    'downloading https://example.org/reviews.tar.gz, 33 % of 84.1 MB',
    'reading reviews.tar.gz, 1.0 kB',
    'encoding reviews.tar.gz',
  ]);
});

test('without a terminal each stage is one line', () => {
  const stdout = collect();
  const stderr = collect();
  const view = dataView({ stdout: stdout.stream, stderr: stderr.stream, exit() {} }, { json: false });
  for (const progress of story) view.progress(progress);
  view.warning('the cache is\u001b[31m damaged');
  view.close();
  expect(stdout.text).toBe('');
  expect(stderr.text).toBe(`data: downloading https://example.org/reviews.tar.gz
data: reading reviews.tar.gz
data: encoding reviews.tar.gz
! the cache is [31m damaged
`);
});

test('as JSON each stage is one event on stdout', () => {
  const stdout = collect();
  const view = dataView({ stdout: stdout.stream, stderr: collect().stream, exit() {} }, { json: true });
  for (const progress of story) view.progress(progress);
  const events = stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toMatchObject([
    { event: 'data', stage: 'download', total: 84_125_825 },
    { event: 'data', stage: 'read' },
    { event: 'data', stage: 'encode' },
  ]);
});
