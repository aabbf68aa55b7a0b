import { tf } from '../dist/tf.js';

/**
 * Times every kernel of the current fused backend by wrapping its library; `stop` gives milliseconds a step by kernel,
 * the share of all of them, and the peak of this core's multiply-adds with the backend's instructions.
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
        peak_gflops: round(peak(library)),
      };
    },
  };
}

/** GF/s of multiply-adds in registers: what no kernel on this core can exceed. */
function peak(library) {
  const { pointer, buffer, byteOffset } = library.allocate(64);
  new Float32Array(buffer, byteOffset, 16).fill(0.5);
  let best = 0;
  for (let round = 0; round < 50; round++) {
    const began = performance.now();
    const operations = library.multiplyAdds(200_000, pointer);
    best = Math.max(best, operations / (performance.now() - began) / 1e6);
  }
  library.release(pointer);
  return best;
}

function round(x) {
  return Number(x.toPrecision(3));
}
