import { tf } from '../dist/tf.js';

/**
 * Times every kernel of the current fused backend by wrapping its library; `stop` gives milliseconds a step by kernel,
 * the share of all of them, and the share of the best matrix product that this core reaches in the recurrent kernels.
 */
export function timeKernels() {
  const { library } = tf.backend();
  const names = Object.keys(library).filter((name) => typeof library[name] === 'function');
  const originals = Object.fromEntries(names.map((name) => [name, library[name]]));
  const milliseconds = new Map();
  for (const name of names) {
    library[name] = (...args) => {
      const began = performance.now();
      const result = originals[name](...args);
      milliseconds.set(name, (milliseconds.get(name) ?? 0) + performance.now() - began);
      return result;
    };
  }
  return {
    stop(seconds, steps) {
      Object.assign(library, originals);
      const parts = Object.fromEntries(
        [...milliseconds].sort(([, a], [, b]) => b - a).map(([name, time]) => [name, round(time / steps)]),
      );
      const inKernels = [...milliseconds.values()].reduce((sum, time) => sum + time, 0);
      return {
        step_ms: round((1000 * seconds) / steps),
        parts_ms: parts,
        kernel_share: round(inKernels / (1000 * seconds)),
        best_product_gflops: round(bestProduct(library)),
      };
    },
  };
}

/** GF/s of a matrix product that stays in the second-level cache: what the kernels can reach at best on this core. */
function bestProduct(library) {
  const n = 384;
  const blocks = [0, 1, 2].map(() => library.allocate(n * n * 4));
  for (const { buffer, byteOffset } of blocks) new Float32Array(buffer, byteOffset, n * n).fill(0.5);
  const [a, b, c] = blocks.map(({ pointer }) => pointer);
  let best = 0;
  for (let round = 0; round < 30; round++) {
    const began = performance.now();
    library.gemm({ m: n, n, k: n, a, b, c });
    best = Math.max(best, (2 * n ** 3) / (performance.now() - began) / 1e6);
  }
  for (const { pointer } of blocks) library.release(pointer);
  return best;
}

function round(x) {
  return Number(x.toPrecision(3));
}
