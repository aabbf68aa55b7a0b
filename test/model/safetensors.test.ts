import { describe, expect, it } from 'vitest';
import { TrainError } from '../../src/errors.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/model/safetensors.js';

const tensors = new Map([
  ['embedding.weight', { shape: [2, 3], data: Float32Array.from([1, -2, 0.5, 1e-40, Infinity, 3]) }],
  ['fcs.0.bias', { shape: [1], data: Float32Array.from([Math.fround(0.1)]) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
]);
const file = { tensors, metadata: { step: '12' } };

describe('safetensors', () => {
  it('reads back what it wrote, bit for bit and in order', () => {
    const back = decodeSafetensors(encodeSafetensors(file));
    expect([...back.tensors]).toEqual([...tensors]);
    expect(back.metadata).toEqual({ step: '12' });
  });

  it('lays bytes out as the format says', () => {
    const bytes = encodeSafetensors({
      tensors: new Map([['a', { shape: [2], data: Float32Array.from([1, 2]) }]]),
      metadata: {},
    });
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(bytes.toString('utf8', 8, 8 + length).trim()).toBe('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}');
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -3)],
    ['with bytes to spare', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(4)])],
    ['of a few bytes', () => Buffer.from('abc')],
    ['with a header longer than the file', () => Buffer.from([255, 255, 0, 0, 0, 0, 0, 0, 123, 125])],
    ['without JSON', () => Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 123, 123])],
    ['with a list for a header', () => Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 91, 93])],
    ['of another type', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('F32', 'F16'), 'latin1')],
    [
      'with a wrong shape',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('[2,3]', '[2,4]'), 'latin1'),
    ],
    ['with a gap', (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('[24,28]', '[25,29]'), 'latin1')],
    [
      'without offsets',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('data_offsets', 'data_offset_'), 'latin1'),
    ],
  ])('refuses a file %s', (_, damage) => {
    expect(() => decodeSafetensors(damage(encodeSafetensors(file)), 'w.safetensors')).toThrow(TrainError);
  });

  it('says what is wrong with a damaged file', () => {
    const bytes = encodeSafetensors(file);
    expect(() => decodeSafetensors(bytes.subarray(0, -1), 'epoch-3.safetensors')).toThrow(
      'epoch-3.safetensors is not a complete safetensors file: ' +
        `expected at least ${bytes.length} bytes, found ${bytes.length - 1}`,
    );
  });
});
