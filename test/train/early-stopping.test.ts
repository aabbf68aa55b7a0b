import { expect, it } from 'vitest';
import { judgeHistory } from '../../src/train/early-stopping.js';
import { epochRecord } from './epoch-record.js';

const config = { metric: 'validation.loss', patience: 2, min_delta: 0.1, restore_best: true };
const EVERY = { evaluate_every: 1, epochs: 20 };

it('goes on while the watched loss falls by more than the least change', () => {
  const history = [1, 0.8, 0.75, 0.6].map((loss, i) => epochRecord(i + 1, { validation: { loss } }));
  expect(judgeHistory(config, EVERY, history)).toEqual({ best_epoch: 4, stop: false });
});

it('stops after as many evaluations without improvement as its patience', () => {
  const history = [1, 0.8, 0.75, 0.71].map((loss, i) => epochRecord(i + 1, { validation: { loss } }));
  expect(judgeHistory(config, EVERY, history)).toEqual({ best_epoch: 2, stop: true });
});

it('wants accuracy to grow', () => {
  const history = [0.5, 0.7, 0.6, 0.9].map((accuracy, i) => epochRecord(i + 1, { validation: { loss: 1, accuracy } }));
  expect(judgeHistory({ ...config, metric: 'validation.accuracy' }, EVERY, history)).toEqual({
    best_epoch: 4,
    stop: false,
  });
});

it('counts evaluations, not epochs, and no NaN as an improvement', () => {
  const history = [
    epochRecord(1, { validation: { loss: 1 } }),
    epochRecord(2, {}),
    epochRecord(3, {}),
    epochRecord(4, { validation: { loss: Number.NaN } }),
  ];
  expect(judgeHistory(config, EVERY, history)).toEqual({ best_epoch: 1, stop: false });
});

it('counts only evaluated epochs of the training split, too, whose weights have figures of every split', () => {
  const history = [9, 8, 7, 1, 6, 6.5, 6.2, 6.1].map((loss, i) => epochRecord(i + 1, { train: { loss } }));
  const watched = { ...config, metric: 'train.loss' };
  const rhythm = { evaluate_every: 3, epochs: 8 };
  expect(judgeHistory(watched, rhythm, history.slice(0, 5))).toEqual({ best_epoch: 3, stop: false });
  expect(judgeHistory(watched, rhythm, history)).toEqual({ best_epoch: 8, stop: false });
});

it('says of an area under the curve that is not defined that a class is missing, not that it is not measured', () => {
  expect(() =>
    judgeHistory({ ...config, metric: 'validation.roc_auc' }, EVERY, [epochRecord(1, { validation: { loss: 1 } })]),
  ).toThrow('validation.roc_auc cannot be watched: it needs texts of every class, and the validation split lacks one');
});

it('names the metrics there are when the one to watch is not measured', () => {
  expect(() =>
    judgeHistory({ ...config, metric: 'test.f1' }, EVERY, [epochRecord(1, { test: { loss: 1, accuracy: 1 } })]),
  ).toThrow('metric test.f1: expected one of loss, accuracy, found f1');
});
