import { type StreamKey, streamKey } from '../../../random/stream.js';
import type { FusedKernel } from './kernel.js';

interface Mask {
  readonly shape: readonly number[];
  readonly keep: number;
  readonly stream: StreamKey;
}

/** 1/keep where an element is kept, else 0. */
export const dropoutMask: FusedKernel<object, Mask> = (backend, _inputs, { shape, keep, stream }) => {
  const mask = backend.allocate(shape);
  backend.library.dropoutMask({
    key: streamKey(stream.seed, stream.purpose),
    index: stream.index ?? 0,
    count: mask.values.length,
    keep,
    out: mask.pointer,
  });
  return [mask.info];
};
