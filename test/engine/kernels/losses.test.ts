import { describe, expect, it } from 'vitest';
import { floats, integers, ints, LIBRARIES, normals, relativeError } from './libraries.js';

const CASES = [
  { rows: 64, classes: 2, smoothing: 0, weighted: false, size: 1 },
  { rows: 9, classes: 5, smoothing: 0.1, weighted: false, size: 3 },
  { rows: 7, classes: 33, smoothing: 0.2, weighted: true, size: 20 },
  { rows: 3, classes: 1000, smoothing: 0, weighted: true, size: 100 },
  { rows: 2, classes: 1, smoothing: 0, weighted: false, size: 1 },
];

describe.each(LIBRARIES)('softmax cross-entropy on %s', (_, library) => {
  it.each(CASES)('is that of the definition: $rows × $classes, smoothing $smoothing', (given) => {
    const { rows, classes, smoothing, weighted, size } = given;
    const logits = normals(rows * classes, 'logits', size);
    const labels = integers(rows, classes, 'labels');
    labels[0] = -1;
    const weights = normals(classes, 'weights').map(Math.abs);
    const found = run(logits, labels, classes, smoothing, weighted ? weights : undefined);
    const losses = new Float64Array(rows);
    const gradient = new Float64Array(rows * classes);
    for (let row = 1; row < rows; row++) {
      const z = [...logits.subarray(row * classes, (row + 1) * classes)];
      const largest = Math.max(...z);
      const logSum = largest + Math.log(z.reduce((sum, x) => sum + Math.exp(x - largest), 0));
      const q = z.map(
        (_, c) => (weighted ? weights[c]! : 1) * ((c === labels[row] ? 1 - smoothing : 0) + smoothing / classes),
      );
      const mass = q.reduce((sum, x) => sum + x, 0);
      z.forEach((x, c) => {
        losses[row]! += q[c]! * (logSum - x);
        gradient[row * classes + c] = Math.exp(x - logSum) * mass - q[c]!;
      });
      expect(found.predictions[row]).toBe(z.indexOf(largest));
    }
    expect(relativeError(found.losses, losses)).toBeLessThan(5e-7);
    expect(relativeError(found.gradient, gradient)).toBeLessThan(5e-7);
  });

  it('keeps small losses exact: a confident row loses e^-15, not 0', () => {
    const { losses } = run([15, 0], [0], 2, 0);
    expect(losses[0]! / Math.log1p(Math.exp(-15))).toBeCloseTo(1, 4);
  });

  it('shows a diverged network and a label that is no class as NaN', () => {
    const { losses } = run([1, Number.NaN, 2, 1, 2, 3], [0, 5], 3, 0);
    expect([...losses]).toEqual([Number.NaN, Number.NaN]);
    expect(Number.isNaN(run([Number.POSITIVE_INFINITY, 0], [0], 2, 0).losses[0])).toBe(true);
  });

  function run(
    logits: ArrayLike<number>,
    labels: ArrayLike<number>,
    classes: number,
    smoothing: number,
    weights?: Float32Array,
  ) {
    const rows = labels.length;
    const losses = floats(library, rows);
    const gradient = floats(library, rows * classes);
    const predictions = ints(library, rows);
    library.softmaxCrossEntropy({
      rows,
      classes,
      smoothing,
      logits: floats(library, logits).pointer,
      labels: ints(library, labels).pointer,
      classWeights: weights === undefined ? 0 : floats(library, weights).pointer,
      losses: losses.pointer,
      gradient: gradient.pointer,
      predictions: predictions.pointer,
    });
    return { losses: losses.values, gradient: gradient.values, predictions: predictions.values };
  }
});
