import { describe, expect, it } from 'vitest';
import { batchCount, classificationBatches, languageModelBatches, windowBatchCount } from '../../src/data/batches.js';
import type { ClassificationSplit } from '../../src/data/dataset.js';

/** Row i has length 1 + i mod T, tokens i + 1 and label i. */
function exampleSplit(count: number, time: number, pad: 'end' | 'start' = 'end'): ClassificationSplit {
  const lengths = Int32Array.from({ length: count }, (_, i) => 1 + (i % time));
  const ids = Int32Array.from({ length: count * time }, (_, at) => {
    const row = Math.floor(at / time);
    const column = at % time;
    const isToken = pad === 'end' ? column < lengths[row]! : column >= time - lengths[row]!;
    return isToken ? row + 1 : 0;
  });
  return { count, ids, lengths, labels: Int32Array.from({ length: count }, (_, i) => i) };
}

const BASE = { batch_size: 4, shuffle: true, drop_last: false, seed: 7, epoch: 0 } as const;

describe('batches of texts', () => {
  const split = exampleSplit(10, 3);
  const rows = (options: Parameters<typeof classificationBatches>[1]) =>
    [...classificationBatches(split, options)].map(({ labels }) => [...labels]);

  it('come in data order for an evaluation', () => {
    expect(rows({ ...BASE, shuffle: false })).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  it('hold every text once, in an order of the seed and the epoch', () => {
    const first = rows(BASE);
    expect(first.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rows(BASE)).toEqual(first);
    expect(rows({ ...BASE, epoch: 1 })).not.toEqual(first);
    expect(rows({ ...BASE, seed: 8 })).not.toEqual(first);
  });

  it('can leave out the last one when it is not full', () => {
    expect(rows({ ...BASE, drop_last: true }).map((batch) => batch.length)).toEqual([4, 4]);
    expect([batchCount(split, BASE), batchCount(split, { ...BASE, drop_last: true })]).toEqual([3, 2]);
  });

  it('carry the rows, lengths and labels of their texts', () => {
    for (const { size, time, ids, lengths, labels } of classificationBatches(split, BASE)) {
      expect(time).toBe(3);
      for (let i = 0; i < size; i++) {
        const row = labels[i]!;
        expect(lengths[i]).toBe(split.lengths[row]);
        expect(ids.subarray(i * 3, i * 3 + 3)).toEqual(split.ids.subarray(row * 3, row * 3 + 3));
      }
    }
  });

  it.each(['end', 'start'] as const)('are cut to their longest text, padding being at the %s', (padding) => {
    const short = exampleSplit(4, 8, padding);
    const [batch] = classificationBatches(short, { ...BASE, shuffle: false, bucket: true, padding });
    expect(batch!.time).toBe(4);
    expect(Array.from(batch!.ids)).toEqual(
      padding === 'end'
        ? [1, 0, 0, 0, 2, 2, 0, 0, 3, 3, 3, 0, 4, 4, 4, 4]
        : [0, 0, 0, 1, 0, 0, 2, 2, 0, 3, 3, 3, 4, 4, 4, 4],
    );
  });

  it('begin with their texts where they are packed, wherever the padding is', () => {
    const packed = { ...BASE, shuffle: false, packed: true } as const;
    const [end] = classificationBatches(exampleSplit(4, 8, 'end'), packed);
    const [start] = classificationBatches(exampleSplit(4, 8, 'start'), { ...packed, padding: 'start' });
    expect(Array.from(start!.ids)).toEqual([1, 0, 0, 0, 2, 2, 0, 0, 3, 3, 3, 0, 4, 4, 4, 4]);
    expect(start).toEqual(end);
  });

  it('in buckets hold texts of similar length, every text once', () => {
    const many = exampleSplit(203, 20);
    const batches = [...classificationBatches(many, { ...BASE, bucket: true })];
    expect(batches.flatMap(({ labels }) => [...labels]).sort((a, b) => a - b)).toEqual([...many.labels]);
    const spread = batches.map(({ lengths }) => Math.max(...lengths) - Math.min(...lengths));
    expect(Math.max(...spread)).toBeLessThanOrEqual(1);
    expect(batches.every(({ time, lengths }) => time === Math.max(...lengths))).toBe(true);
    const times = batches.map(({ time }) => time);
    expect(times).not.toEqual([...times].sort((a, b) => a - b));
  });
});

describe('windows over a running text', () => {
  const ids = Int32Array.from({ length: 36 }, (_, i) => i);
  const BASE = { batch_size: 2, steps: 5, partition: 'sequential', random_offset: false, seed: 0, epoch: 0 } as const;
  const table = (flat: Int32Array, time: number) =>
    Array.from({ length: flat.length / time }, (_, row) => [...flat.subarray(row * time, (row + 1) * time)]);

  it('move along the rows of the text, as d2l cuts it', () => {
    const batches = [...languageModelBatches(ids, BASE)];
    expect(batches.map((batch) => table(batch.ids, 5))).toEqual([
      [
        [0, 1, 2, 3, 4],
        [17, 18, 19, 20, 21],
      ],
      [
        [5, 6, 7, 8, 9],
        [22, 23, 24, 25, 26],
      ],
      [
        [10, 11, 12, 13, 14],
        [27, 28, 29, 30, 31],
      ],
    ]);
    for (const { ids: inputs, targets } of batches) expect([...targets]).toEqual([...inputs].map((id) => id + 1));
    expect(batches.map((batch) => batch.resets_state)).toEqual([true, false, false]);
    expect(windowBatchCount(ids.length, BASE)).toBe(3);
  });

  it('reset the state each time when it is not carried', () => {
    const batches = [...languageModelBatches(ids, { ...BASE, carry_state: false })];
    expect(batches.every((batch) => batch.resets_state)).toBe(true);
  });

  it('begin at an offset of the seed and the epoch below the number of steps', () => {
    const firsts = Array.from({ length: 40 }, (_, epoch) => {
      const options = { ...BASE, random_offset: true, epoch };
      const batches = [...languageModelBatches(ids, options)];
      expect(batches.length).toBe(windowBatchCount(ids.length, options));
      return batches[0]!.ids[0]!;
    });
    expect([...new Set(firsts)].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('are dealt out in random order, none overlapping', () => {
    const batches = [...languageModelBatches(ids, { ...BASE, partition: 'random' })];
    const starts = batches.flatMap((batch) => table(batch.ids, 5).map(([first]) => first!));
    expect(starts).not.toEqual([...starts].sort((a, b) => a - b));
    expect(new Set(starts).size).toBe(6);
    expect(starts.every((start) => start % 5 === 0)).toBe(true);
    expect(batches.every((batch) => batch.resets_state)).toBe(true);
    for (const { ids: inputs, targets } of batches) expect([...targets]).toEqual([...inputs].map((id) => id + 1));
  });

  it('need a text of some length', () => {
    expect(() => [...languageModelBatches(ids, { ...BASE, batch_size: 8, random_offset: true })]).toThrow(
      'The text has 36 tokens; 8 windows of 5 need up to 45 (`train.batch_size` × `data.sequence.length`, the last target and an offset).',
    );
    const one = { ...BASE, batch_size: 1 };
    expect([...languageModelBatches(ids.subarray(0, 6), one)]).toHaveLength(1);
    expect(() => [...languageModelBatches(ids.subarray(0, 5), one)]).toThrow(
      'The text has 5 tokens; a window of 5 needs 6 (`data.sequence.length`, the last target).',
    );
  });
});
