import { type StreamKey, streamKey } from '../../../random/stream.js';
import type { FusedKernel } from './kernel.js';

interface Normals {
  readonly shape: readonly number[];
  readonly deviation: number;
  readonly stream: StreamKey;
}

/** deviation · the stream's normals. */
export const drawNormal: FusedKernel<object, Normals> = (backend, _inputs, { shape, deviation, stream }) => {
  const out = backend.allocate(shape);
  backend.library.fillNormal({
    key: streamKey(stream.seed, stream.purpose),
    index: stream.index ?? 0,
    count: out.values.length,
    deviation,
    out: out.pointer,
  });
  return [out.info];
};
