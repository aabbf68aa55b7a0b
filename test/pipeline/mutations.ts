import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { planPipeline } from '../../src/plan/create-plan.js';

const FIXTURES = 'test/fixtures/pipelines';

/** Pieces that go wrong in different ways when they land in a pipeline. */
const PIECES = [
  '\t',
  ': ',
  '- ',
  '"',
  "'",
  '{',
  ']',
  '#',
  '&a ',
  '*a',
  '<<: ',
  '!t ',
  '---\n',
  '|',
  '\n',
  '  ',
  'null',
  '-1',
  '1e999',
  '0.5',
  '[]',
  '{}',
  'lstm',
  '\u0000',
  '😀',
  'model.cell',
  '~',
  '?',
];

/** Values that are fine under some key and not under others. */
const VALUES = [
  '3',
  '0.5',
  '-7',
  '100000',
  'true',
  'null',
  'lstm',
  'words',
  'ctc',
  'language-model',
  'text',
  '1/4',
  'factorial',
  'cumulative',
  '[1, 2]',
  '[0, 1]',
  '[0.3, 0.1]',
  '{ a: b }',
  '{ type: ctc }',
  '{ gt: 1 }',
  '{ uniform: [0, 1] }',
  '{ model.layers: 2 }',
  '[rnn, rnn]',
  '"[("',
  'one_hot',
  'base.yaml',
  '../p.yaml',
  '{ model.cell: [gru] }',
];

/** The committed pipelines, and one with every operator. */
const FILES = [
  ...readdirSync('pipelines')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(`pipelines/${name}`, 'utf8')),
  readFileSync(`${FIXTURES}/algebra.yaml`, 'utf8'),
];

const PLACE = fc.double({ min: 0, max: 1, noNaN: true });
const EDIT = fc.record({
  at: PLACE,
  removed: fc.nat({ max: 12 }),
  inserted: fc.oneof(fc.constantFrom(...PIECES), fc.constant('')),
});
/** Gives another value to one of the keys. */
const VALUE = fc.record({ at: PLACE, value: fc.constantFrom(...VALUES) });
/** Swaps two lines, which moves keys to other mappings. */
const SWAP = fc.tuple(PLACE, PLACE);

const MUTATION = fc.tuple(
  fc.constantFrom(...FILES),
  fc.array(EDIT, { maxLength: 2 }),
  fc.array(VALUE, { maxLength: 3 }),
  fc.option(SWAP),
);

/** Reads and plans mutated pipelines: none crashes, and every diagnostic has a place in one of its files. */
export function checkMutations(options: { readonly seed: number; readonly numRuns: number }): void {
  fc.assert(
    fc.property(MUTATION, ([original, edits, values, swap]) => {
      const revalued = values.reduce(withValue, swap === null ? original : swapped(original, swap));
      checkDiagnostics(edits.reduce(edited, revalued));
    }),
    options,
  );
}

function checkDiagnostics(text: string): void {
  const texts = new Map([['p.yaml', text]]);
  const readFile = (path: string) => {
    const known = texts.get(path) ?? fixture(path);
    if (known === null) return { problem: 'there is no such file' };
    texts.set(path, known);
    return { text: known };
  };
  const { plan, diagnostics } = planPipeline(readPipeline({ file: 'p.yaml', text, readFile }));
  if (plan === null) expect(diagnostics).not.toEqual([]);
  for (const { message, location } of diagnostics) {
    const lines = texts.get(location.file)?.split('\n') ?? [];
    // Compared by hand: there are hundreds of thousands, and expect takes its time.
    const line = lines[location.line - 1];
    const fits = line !== undefined && location.column >= 1 && location.column <= line.length + 1;
    if (message === '' || !fits || location.endColumn <= location.column) {
      expect.fail(`${JSON.stringify({ message, location })} is no place in\n${text}`);
    }
  }
}

const fixtures = new Map<string, string>(
  readdirSync(FIXTURES).map((name) => [name, readFileSync(`${FIXTURES}/${name}`, 'utf8')]),
);

function fixture(path: string): string | null {
  return fixtures.get(path) ?? null;
}

function edited(text: string, { at, removed, inserted }: { at: number; removed: number; inserted: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + inserted + text.slice(start + removed);
}

function withValue(text: string, { at, value }: { at: number; value: string }): string {
  const places = [...text.matchAll(/(?<=: )[^\n{},]+/g)];
  const place = places[Math.min(places.length - 1, Math.floor(at * places.length))];
  return place === undefined ? text : text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
}

function swapped(text: string, [a, b]: readonly [number, number]): string {
  const lines = text.split('\n');
  const [i, j] = [a, b].map((at) => Math.min(lines.length - 1, Math.floor(at * lines.length))) as [number, number];
  [lines[i], lines[j]] = [lines[j]!, lines[i]!];
  return lines.join('\n');
}
