import { describe, expect, it } from 'vitest';
import type { KernelLibrary, OptimizerStep } from '../../../src/engine/kernels/library.js';
import { floats, ints, LIBRARIES, normals, relativeError } from './libraries.js';

type Rule = OptimizerStep['rule'];
interface Settings {
  readonly rule: Rule;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  readonly gradientScale?: number;
  readonly clipValue?: number;
}

const CASES: readonly Settings[] = [
  { rule: 'sgd' },
  { rule: 'sgd', momentum: 0.9, weightDecay: 0.01 },
  { rule: 'sgd', momentum: 0.9, nesterov: true, clipValue: 0.5 },
  { rule: 'adam' },
  { rule: 'adam', weightDecay: 0.1, gradientScale: 0.25 },
  { rule: 'adamw', weightDecay: 0.1, gradientScale: 2, clipValue: 1 },
  { rule: 'rmsprop' },
  { rule: 'rmsprop', momentum: 0.9, weightDecay: 0.01 },
  { rule: 'adagrad', weightDecay: 0.01 },
];
const RATE = 0.01;
const STEPS = 3;

describe.each(LIBRARIES)('optimizer steps on %s', (_, library) => {
  it.each(CASES)("$rule, momentum $momentum, weight decay $weightDecay: PyTorch's step", (settings) => {
    const width = 67;
    const w = normals(width, 'w');
    const gradients = Array.from({ length: STEPS }, (_, n) => normals(width, `g${n}`));
    const expected = reference(settings, w, gradients);
    const run = stepper(library, settings, w, 1, width);
    for (const gradient of gradients) run(floats(library, gradient).pointer);
    expect(relativeError(run.values, expected)).toBeLessThan(1e-6);
  });

  it.each(CASES)('$rule, momentum $momentum: rows without a gradient step as with a gradient of zero', (settings) => {
    const [rows, width] = [6, 19];
    const w = normals(rows * width, 'w');
    const sparse = stepper(library, settings, w, rows, width);
    const dense = stepper(library, settings, w, rows, width);
    for (const ids of [[1, 3], [0, 5], [0, 1, 2, 3, 4, 5], []]) {
      const compact = normals(ids.length * width, `g ${ids}`);
      const whole = new Float32Array(rows * width);
      ids.forEach((row, n) => {
        whole.set(compact.subarray(n * width, (n + 1) * width), row * width);
      });
      sparse(floats(library, compact).pointer, ids);
      dense(floats(library, whole).pointer);
    }
    expect(sparse.values).toEqual(dense.values);
  });

  // Rounding holds 0.9 m at 5 × 2^-149, and sums with such numbers are a hundred times slower on some processors.
  it.each(CASES.filter(({ rule, momentum }) => rule === 'adam' || momentum))(
    '$rule, momentum $momentum: what is left of a gradient ends at zero',
    (settings) => {
      const width = 19;
      const run = stepper(library, { ...settings, weightDecay: 0 }, new Float32Array(width), 1, width);
      run(floats(library, normals(width, 'g')).pointer);
      expect(run.first.filter((m) => m !== 0)).toHaveLength(width);
      for (let n = 0; n < 1200; n++) run(floats(library, 0).pointer, []);
      expect(run.first).toEqual(new Float32Array(width));
    },
  );
});

/** Takes steps on a copy of `w`, with moments that start at zero. */
function stepper(library: KernelLibrary, settings: Settings, w: Float32Array, rows: number, width: number) {
  const parameter = floats(library, w);
  const first = floats(library, new Float32Array(w.length));
  const second = floats(library, new Float32Array(w.length)).pointer;
  let step = 0;
  const run = (gradient: number, ids?: readonly number[]): void => {
    step++;
    const some = ids === undefined ? {} : { ids: ints(library, ids).pointer, count: ids.length };
    library.optimizerStep({
      ...settings,
      parameter: parameter.pointer,
      rows,
      width,
      gradient,
      ...some,
      learningRate: RATE,
      momentumBuffer: first.pointer,
      firstMoment: first.pointer,
      secondMoment: second,
      squareAverage: second,
      squareSum: second,
      beta1: 0.9,
      beta2: 0.999,
      alpha: 0.99,
      epsilon: 1e-8,
      step,
    } as OptimizerStep);
  };
  return Object.assign(run, { values: parameter.values, first: first.values });
}

/** torch.optim's documentation, in double precision. */
function reference(settings: Settings, w: Float32Array, gradients: readonly Float32Array[]): Float64Array {
  const { rule, momentum = 0, nesterov = false, weightDecay = 0, gradientScale = 1, clipValue = Infinity } = settings;
  return Float64Array.from(w, (start, n) => {
    let p = start;
    let m = 0;
    let v = 0;
    gradients.forEach((gradient, index) => {
      const t = index + 1;
      let g = Math.max(-clipValue, Math.min(clipValue, gradient[n]! * gradientScale));
      if (rule === 'adamw') p -= RATE * weightDecay * p;
      else g += weightDecay * p;
      if (rule === 'sgd') {
        m = momentum * m + g;
        p -= RATE * (nesterov ? g + momentum * m : m);
      } else if (rule === 'adam' || rule === 'adamw') {
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        p -= ((RATE / (1 - 0.9 ** t)) * m) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
      } else if (rule === 'rmsprop') {
        v = 0.99 * v + 0.01 * g * g;
        m = momentum * m + g / (Math.sqrt(v) + 1e-8);
        p -= RATE * m;
      } else {
        v += g * g;
        p -= (RATE * g) / (Math.sqrt(v) + 1e-8);
      }
    });
    return p;
  });
}
