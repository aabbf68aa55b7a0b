import { expect, it } from 'vitest';
import { shimUtil } from '../../../src/engine/tensorflow/util-shim.js';

it('gives node:util back the two functions that tfjs-node calls and Node 23 no longer has', () => {
  const util: { isArray?: (value: unknown) => boolean; isNullOrUndefined?: (value: unknown) => boolean } = {};
  shimUtil(util);
  expect([null, undefined, 0, '', []].map((value) => util.isNullOrUndefined!(value))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(util.isArray!([])).toBe(true);
  expect(util.isArray!({ length: 0 })).toBe(false);
});
