import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClaim } from '../../src/expect/parse-claim.js';

function comparisonOf(text: string) {
  const { claim } = parseClaim(text);
  if (claim?.kind !== 'comparison') throw new Error(`no comparison: ${text}`);
  return claim;
}

/** The message, and the part of the claim that it underlines. */
function mistakeOf(text: string): readonly string[] {
  const { mistake } = parseClaim(text);
  if (mistake === null) throw new Error(`a claim: ${text}`);
  return [mistake.message, text.slice(mistake.start, mistake.end)];
}

describe('a claim', () => {
  test('compares a figure with a number', () => {
    expect(parseClaim('test.accuracy[model.cell=lstm] >= 0.84').claim).toEqual({
      kind: 'comparison',
      left: {
        metric: 'test.accuracy',
        arm: { 'model.cell': 'lstm' },
        selector: { start: 14, end: 29 },
        start: 0,
        end: 30,
      },
      operator: '>=',
      right: 0.84,
      within: null,
      significant: false,
    });
  });

  test('is turned so that a figure stands on the left', () => {
    expect(comparisonOf('0.84 < test.accuracy')).toMatchObject({
      left: { metric: 'test.accuracy' },
      operator: '>',
      right: 0.84,
    });
    expect(comparisonOf('0.5 ~= test.loss within 0.1')).toMatchObject({ operator: '≈', right: 0.5, within: 0.1 });
  });

  test('compares two figures, significantly so with `!`', () => {
    const plain = comparisonOf('test.accuracy[a] > test.accuracy[b]');
    expect(plain).toMatchObject({ left: { arm: 'a' }, right: { arm: 'b' }, significant: false });
    expect(comparisonOf('test.accuracy[a] > test.accuracy[b] !').significant).toBe(true);
    expect(comparisonOf('test.accuracy[a] < test.accuracy[b]!').significant).toBe(true);
  });

  test.each([
    ['≥', '>='],
    ['≤', '<='],
    ['>', '>'],
    ['<', '<'],
  ])('may be written with %s', (written, operator) => {
    expect(comparisonOf(`test.loss${written}0.5`).operator).toBe(operator);
  });

  test.each([
    ['0.84', 0.84],
    ['84%', 0.84],
    ['1e-3', 0.001],
    ['-.5', -0.5],
    ['+1', 1],
  ])('reads %s as a number', (written, value) => {
    expect(comparisonOf(`test.loss > ${written}`).right).toBe(value);
  });

  test('is about the state of trials', () => {
    expect(parseClaim('state = complete').claim).toMatchObject({ kind: 'state', arm: null, state: 'complete' });
    expect(parseClaim('state[only dropout] == failed').claim).toMatchObject({ arm: 'only dropout', state: 'failed' });
  });
});

describe('what stands in brackets', () => {
  test.each<readonly [string, unknown]>([
    ['model.cell=lstm', { 'model.cell': 'lstm' }],
    [' model.cell = lstm , model.layers = 2 ', { 'model.cell': 'lstm', 'model.layers': 2 }],
    ['model.bidirectional=true', { 'model.bidirectional': true }],
    ['model.projection=null', { 'model.projection': null }],
    ['model.head.hidden=[64, 64], optimizer.lr=1e-3', { 'model.head.hidden': [64, 64], 'optimizer.lr': 0.001 }],
    ['data.text="a, b = c"', { 'data.text': 'a, b = c' }],
    ['only max pooling', 'only max pooling'],
    ['"hidden 128, 10 epochs"', 'hidden 128, 10 epochs'],
    ['hidden 128, 10 epochs', 'hidden 128, 10 epochs'],
    ["'R1: lr=5'", 'R1: lr=5'],
    ['"a]b"', 'a]b'],
    ['双向', '双向'],
  ])('%s', (text, arm) => {
    expect(comparisonOf(`test.loss[${text}] < 1`).left.arm).toEqual(arm);
  });
});

describe('what is no claim is told with the part that is wrong', () => {
  test.each<readonly [text: string, message: string, part: string]>([
    ['', 'expected a metric or a number, found the end of the claim', ''],
    ['test.accuracy', 'expected `>=`, `<=`, `>`, `<` or `≈`, found the end of the claim', ''],
    ['test.accuracy = 0.8', 'expected `>=`, `<=`, `>`, `<` or `≈`, found `=`', '='],
    ['accuracy > 0.8', 'expected a metric such as `test.accuracy`, found `accuracy`', 'accuracy'],
    ['tets.accuracy > 0.8', 'expected a metric such as `test.accuracy`, found `tets.accuracy`', 'tets.accuracy'],
    ['1 > 2', 'expected a metric on one side at least, found two numbers', '1 > 2'],
    ['test.loss > 1 and more', 'expected the end of the claim, found `and`', 'and'],
    ['test.loss[model.cell=] > 1', 'expected a setting such as `model.cell=lstm`, found `model.cell=`', 'model.cell='],
    ['test.loss[a=1, a=2] > 1', '`a` stands twice in the brackets', 'a=2'],
    ['test.loss[ ] > 1', 'expected settings or a variant’s name in the brackets, found nothing', ']'],
    ['test.loss[a > 1', 'this bracket is not closed', '[a > 1'],
    ['test.loss ≈ 1', 'expected `within` and a number after `≈`, found the end of the claim', ''],
    ['test.loss ≈ 1 within -1', 'expected a number from 0, found `-1`', '-1'],
    ['test.loss ≈ 1 within 0.1 !', '`!` asks for a difference, `≈` for none', '!'],
    ['state > complete', 'expected `=` after `state`, found `>`', '>'],
    ['state = complete now', 'expected the end of the claim, found `now`', 'now'],
    ['test.loss > 1 € 2', 'expected the end of the claim, found `€`', '€'],
  ])('%s', (text, message, part) => {
    expect(mistakeOf(text)).toEqual([message, part]);
  });

  test('with the state that was meant', () => {
    expect(parseClaim('state = completed').mistake?.hint).toBe('Did you mean `complete`?');
  });

  test('and no text whatever ends otherwise', () => {
    const word = fc.constantFrom(
      'test.accuracy',
      '[',
      ']',
      'a=b',
      '>',
      '>=',
      '≈',
      'within',
      '0.5',
      '!',
      'state',
      '=',
      '"',
      ',',
      ' ',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => {
          const { claim, mistake } = parseClaim(text);
          expect((claim === null) === (mistake !== null)).toBe(true);
          if (mistake !== null) expect(mistake.start).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
