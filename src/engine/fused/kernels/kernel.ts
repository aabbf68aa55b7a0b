import type { tf } from '../../../tf.js';
import type { FusedBackend } from '../backend.js';

/** A tfjs kernel over the fused backend: `I` its inputs (a map or a list), `A` its attributes. */
export type FusedKernel<I, A> = (backend: FusedBackend, inputs: I, attributes: A) => tf.TensorInfo[];

export type Shape2 = readonly [number, number];
export type Shape3 = readonly [number, number, number];
