import { type StreamKey, streamKey } from '../../../random/stream.js';
import type { StreamRange } from '../../kernels/library.js';
import type { KernelTensor } from '../backend.js';

/** The words of a stream from its beginning that a tensor is filled with. */
export function streamRange(stream: StreamKey, { values, pointer }: KernelTensor): StreamRange {
  const key = streamKey(stream.seed, stream.purpose);
  return { key, index: stream.index ?? 0, count: values.length, out: pointer };
}
