import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diagnosticsOf } from './frames.js';

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

const files = readdirSync('pipelines').map((name) => readFileSync(`pipelines/${name}`, 'utf8'));

const EDIT = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat({ max: 12 }),
  inserted: fc.oneof(fc.constantFrom(...PIECES), fc.constant('')),
});

/** Values that are fine under some key and not under others. */
const VALUES = [
  '3',
  '0.5',
  'true',
  'null',
  'lstm',
  'words',
  'ctc',
  'language-model',
  'text',
  '[1, 2]',
  '{ a: b }',
  '{ type: ctc }',
  '[rnn, rnn]',
  '"[("',
  'one_hot',
  '{ model.cell: [gru] }',
];

/** Gives another value to one of the keys. */
const VALUE = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.constantFrom(...VALUES) });

/** Swaps two lines, which moves keys to other mappings. */
const SWAP = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));

it('mutated pipelines never crash, and every diagnostic has a place in the file', () => {
  const mutation = fc.tuple(
    fc.constantFrom(...files),
    fc.array(EDIT, { maxLength: 2 }),
    fc.array(VALUE, { maxLength: 3 }),
    fc.option(SWAP),
  );
  fc.assert(
    fc.property(mutation, ([original, edits, values, swap]) => {
      const revalued = values.reduce(withValue, swap === null ? original : swapped(original, swap));
      const text = edits.reduce(edited, revalued);
      const lines = text.split('\n');
      for (const { message, location } of diagnosticsOf(text)) {
        expect(message).not.toBe('');
        expect(location.file).toBe('p.yaml');
        expect(location.line).toBeGreaterThanOrEqual(1);
        expect(location.line).toBeLessThanOrEqual(lines.length);
        expect(location.column).toBeGreaterThanOrEqual(1);
        expect(location.column).toBeLessThanOrEqual(lines[location.line - 1]!.length + 1);
        expect(location.endColumn).toBeGreaterThan(location.column);
      }
    }),
    { seed: 20261122, numRuns: 500 },
  );
});

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
  const [i, j] = [
    Math.min(lines.length - 1, Math.floor(a * lines.length)),
    Math.min(lines.length - 1, Math.floor(b * lines.length)),
  ];
  [lines[i], lines[j]] = [lines[j]!, lines[i]!];
  return lines.join('\n');
}
