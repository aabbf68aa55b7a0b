import type { StreamKey } from '../../../random/stream.js';
import type { FusedKernel } from './kernel.js';
import { streamRange } from './stream-range.js';

interface Normals {
  readonly shape: readonly number[];
  readonly deviation: number;
  readonly stream: StreamKey;
}

/** deviation · the stream's normals. */
export const drawNormal: FusedKernel<object, Normals> = (backend, _inputs, { shape, deviation, stream }) => {
  const normals = backend.allocate(shape);
  backend.library.fillNormal({ ...streamRange(stream, normals), deviation });
  return [normals.info];
};
