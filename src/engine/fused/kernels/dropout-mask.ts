import type { StreamKey } from '../../../random/stream.js';
import type { FusedKernel } from './kernel.js';
import { streamRange } from './stream-range.js';

interface Mask {
  readonly shape: readonly number[];
  readonly keep: number;
  readonly stream: StreamKey;
}

/** 1/keep where an element is kept, else 0. */
export const dropoutMask: FusedKernel<object, Mask> = (backend, _inputs, { shape, keep, stream }) => {
  const mask = backend.allocate(shape);
  backend.library.dropoutMask({ ...streamRange(stream, mask), keep });
  return [mask.info];
};
