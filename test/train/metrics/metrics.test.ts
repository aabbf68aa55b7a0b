import { describe, expect, it } from 'vitest';
import { classificationFigures } from '../../../src/train/metrics/class-metrics.js';
import { collectScores } from '../../../src/train/metrics/collected-scores.js';
import { countConfusion } from '../../../src/train/metrics/confusion-matrix.js';
import { rocAuc } from '../../../src/train/metrics/roc-auc.js';
import { runningMeans } from '../../../src/train/metrics/running-mean.js';
import { classificationMetrics, languageModelMetrics } from '../../../src/train/metrics/split-metrics.js';

describe('the confusion matrix', () => {
  it('counts actual classes in rows and predicted ones in columns (example of scikit-learn’s confusion_matrix)', () => {
    const counter = countConfusion(3);
    counter.add([2, 0, 2], [0, 0, 2]);
    counter.add([2, 0, 1], [2, 0, 2]);
    expect(counter.matrix()).toEqual([
      [2, 0, 0],
      [0, 0, 1],
      [1, 0, 2],
    ]);
  });

  it('shows predictions that are no class in a column of their own', () => {
    const counter = countConfusion(2);
    counter.add([0, 1, 1], [0, 5, 1]);
    expect(counter.matrix()).toEqual([
      [1, 0, 0],
      [0, 1, 1],
    ]);
  });
});

describe('precision, recall and F1', () => {
  it('are scikit-learn’s for [0, 1, 2, 0, 1, 2] predicted as [0, 2, 1, 0, 0, 1], the example of its documentation', () => {
    // f1_score(average="macro") 0.26…, precision_score 0.22…, recall_score 0.33…; f1 per class [0.8, 0, 0].
    const figures = classificationFigures(matrixOf([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], 3), ['a', 'b', 'c']);
    expect(figures.precision).toBeCloseTo(2 / 9, 12);
    expect(figures.recall).toBeCloseTo(1 / 3, 12);
    expect(figures.f1).toBeCloseTo(0.8 / 3, 12);
    expect(figures.accuracy).toBeCloseTo(1 / 3, 12);
    expect(figures.per_class.map(({ f1 }) => f1)).toEqual([0.8, 0, 0]);
    expect(figures.per_class[0]).toEqual({ label: 'a', precision: 2 / 3, recall: 1, f1: 0.8, support: 2 });
  });

  it('are 0 for a class that is never predicted and never there', () => {
    const figures = classificationFigures(matrixOf([0, 0], [0, 0], 2), ['a', 'b']);
    expect(figures.per_class[1]).toEqual({ label: 'b', precision: 0, recall: 0, f1: 0, support: 0 });
    expect(figures.f1).toBe(0.5);
  });
});

describe('the area under the ROC curve', () => {
  it('is 0.75 for scikit-learn’s example: labels 0 0 1 1, scores 0.1 0.4 0.35 0.8', () => {
    expect(rocAuc(Int32Array.of(0, 0, 1, 1), twoColumns([0.1, 0.4, 0.35, 0.8]), 2)).toBe(0.75);
  });

  it('is taken over batches larger than a call has room for arguments', () => {
    const size = 200_000;
    const collected = collectScores(2);
    const labels = Int32Array.from({ length: size }, (_, i) => i % 2);
    for (let n = 0; n < 2; n++)
      collected.add(
        labels,
        Float32Array.from({ length: 2 * size }, (_, i) => i % 4),
      );
    expect(collected.rocAuc()).toBe(1);
  });

  it('counts ties as one half', () => {
    expect(rocAuc(Int32Array.of(0, 1, 1, 0), twoColumns([0.5, 0.5, 0.5, 0.5]), 2)).toBe(0.5);
    // Pairs (1, 0): 0.5 against 0.5 and 0.2, 0.9 against both: (0.5 + 1 + 1 + 1) / 4.
    expect(rocAuc(Int32Array.of(0, 1, 1, 0), twoColumns([0.5, 0.5, 0.9, 0.2]), 2)).toBe(0.875);
  });

  it('is the mean of each class against the rest for more than two', () => {
    // Class 0: positives 0.8, 0.3 against 0.2, 0.1, 0.4: 5 of 6 pairs in order. Class 1: 0.7 against 0.1, 0.3, 0.4, 0.2:
    // 4 of 4. Class 2: positives 0.4, 0.3 against 0.1, 0.4, 0.2: 0.4 ties once (2.5), 0.3 wins twice (2): 4.5 of 6.
    const scores = [0.8, 0.1, 0.1, 0.2, 0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.4, 0.4, 0.4, 0.2, 0.3];
    const labels = Int32Array.of(0, 1, 2, 0, 2);
    expect(rocAuc(labels, Float32Array.from(scores), 3)).toBeCloseTo((5 / 6 + 1 + 4.5 / 6) / 3, 12);
  });

  it('is not a number when a class is missing', () => {
    expect(rocAuc(Int32Array.of(1, 1), twoColumns([0.1, 0.2]), 2)).toBeNaN();
  });
});

describe('running means', () => {
  it('tell samples from batches', () => {
    const means = runningMeans();
    means.add({ loss: 1, weight: 3, correct: 3, samples: 3 });
    means.add({ loss: 5, weight: 1, correct: 0, samples: 1 });
    expect(means.loss).toBe(2);
    expect(means.loss_over_batches).toBe(3);
    expect(means.accuracy).toBe(0.75);
    expect(means.accuracy_over_batches).toBe(0.5);
  });

  it('take no mean loss from a batch whose classes weigh nothing', () => {
    const means = runningMeans();
    means.add({ loss: 2, weight: 3, correct: 2, samples: 4 });
    means.add({ loss: 0 / 0, weight: 0, correct: 1, samples: 2 });
    expect(means.loss).toBe(2);
    expect(means.loss_over_batches).toBe(2);
    expect(means.accuracy).toBe(0.5);
  });

  it('give perplexity as the exponential of the mean loss and bits as its binary logarithm', () => {
    const means = runningMeans();
    means.add({ loss: Math.log(8), weight: 10, correct: null, samples: 10 });
    const metrics = languageModelMetrics(means, ['perplexity', 'bits_per_character']);
    expect(metrics.perplexity).toBeCloseTo(8, 12);
    expect(metrics.bits_per_character).toBeCloseTo(3, 12);
    expect(metrics).not.toHaveProperty('accuracy');
  });
});

it('only the metrics asked for are given, loss and accuracy always', () => {
  const means = runningMeans();
  means.add({ loss: 1, weight: 2, correct: 1, samples: 2 });
  const given = { means, confusion: matrixOf([0, 1], [0, 0], 2), classes: ['a', 'b'], roc_auc: null };
  expect(Object.keys(classificationMetrics({ ...given, metrics: ['accuracy'] }))).toEqual([
    'loss',
    'loss_over_batches',
    'accuracy',
    'accuracy_over_batches',
  ]);
  expect(classificationMetrics({ ...given, metrics: ['recall', 'confusion_matrix'] })).toMatchObject({
    recall: 0.5,
    confusion_matrix: [
      [1, 0],
      [1, 0],
    ],
  });
});

function matrixOf(actual: number[], predicted: number[], classes: number) {
  const counter = countConfusion(classes);
  counter.add(actual, predicted);
  return counter.matrix();
}

function twoColumns(scores: number[]): Float32Array {
  return Float32Array.from(scores.flatMap((score) => [1 - score, score]));
}
