import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/start-engine.js';
import { TrainError } from '../../../src/errors.js';
import type { LossConfig } from '../../../src/plan/trial-config.js';
import { tf } from '../../../src/tf.js';
import { createLoss } from '../../../src/train/losses/create-loss.js';
import { lossConfig } from '../configs.js';

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

// Expected numbers: torch 2.13, float32, torch.nn.functional's loss of that name on these logits and labels; focal is
// ((1-p)**2.5 * -log p) with p = softmax at the label.
const LOGITS = [0.5, -1.25, 2.0, -0.75, 0.25, 0.125, 1.5, 1.0, -0.5, 0.0, -2.0, 3.0];
const LABELS = Int32Array.of(2, 0, 1, 2);
const WEIGHTS = [1, 4, 0.5];

interface LossCase {
  readonly config: Partial<LossConfig>;
  readonly mean: number;
  readonly values: readonly number[] | null;
  readonly gradient: readonly number[];
}

const CROSS_ENTROPY_GRADIENT = [
  0.0442050435, 0.0076816855, -0.0518867373, -0.20913133, 0.11109253, 0.098038815, 0.143524244, -0.162948146,
  0.0194238946, 0.0117808534, 0.00159436557, -0.0133752078,
];
const WEIGHTED_GRADIENT = [
  0.0147350151, 0.00256056199, -0.0172955804, -0.139420897, 0.0740616918, 0.0653592125, 0.382731318, -0.43452841,
  0.0517970547, 0.00392695144, 0.000531455211, -0.00445840275,
];

const CASES: { readonly [name: string]: LossCase } = {
  cross_entropy: {
    config: { type: 'cross_entropy' },
    mean: 0.788415372,
    values: [0.232621983, 1.81109738, 1.05495691, 0.054985214],
    gradient: CROSS_ENTROPY_GRADIENT,
  },
  'cross_entropy with class weights': {
    config: { type: 'cross_entropy', class_weights: WEIGHTS },
    mean: 1.0291214,
    values: [0.116310991, 1.81109738, 4.21982765, 0.027492607],
    gradient: WEIGHTED_GRADIENT,
  },
  'nll with class weights': {
    config: { type: 'nll', class_weights: WEIGHTS },
    mean: 1.0291214,
    values: null,
    gradient: WEIGHTED_GRADIENT,
  },
  label_smoothing: {
    config: { type: 'label_smoothing', smoothing: 0.1 },
    mean: 0.887373686,
    values: [0.390955329, 1.74859738, 1.08829021, 0.321651876],
    gradient: [
      0.0358717106, -0.000651648268, -0.0352200717, -0.192464679, 0.102759197, 0.0897054821, 0.135190904, -0.146281481,
      0.0110905608, 0.00344751962, -0.00673896819, 0.00329145789,
    ],
  },
  mse: {
    config: { type: 'mse' },
    mean: 0.157657638,
    values: null,
    gradient: [
      0.00910865236, 0.000834683829, -0.00994333532, -0.0286359992, 0.0170245785, 0.0116114169, 0.0445338562,
      -0.0441328287, -0.000401030033, 0.000750052626, 5.81992936e-5, -0.000808251672,
    ],
  },
  hinge: {
    config: { type: 'hinge', margin: 0.75 },
    mean: 0.385416657,
    values: [0, 1.125, 0.416666657, 0],
    gradient: [0, 0, 0, -0.166666672, 0.0833333358, 0.0833333358, 0.0833333358, -0.0833333358, 0, 0, 0, 0],
  },
  focal: {
    config: { type: 'focal', gamma: 2.5 },
    mean: 0.381395996,
    values: [0.00456500892, 1.15914965, 0.361832976, 3.64038424e-5],
    gradient: [
      0.00279372768, 0.000485477125, -0.00327920541, -0.252281755, 0.134014443, 0.118267335, 0.118585363, -0.134634152,
      0.0160487834, 2.6767797e-5, 3.62262858e-6, -3.03903998e-5,
    ],
  },
};

describe('losses agree with PyTorch', () => {
  it.each(Object.entries(CASES))('%s', (_, { config, mean, values, gradient }) => {
    const loss = createLoss(lossConfig(config), 3);
    const logits = tf.tensor2d(LOGITS, [4, 3]);
    expectClose(loss.mean(logits, LABELS).dataSync(), [mean]);
    if (values !== null) expectClose(loss.values(logits, LABELS).dataSync(), values);
    expectClose(
      tf
        .grad((z) => loss.mean(z, LABELS))(logits)
        .dataSync(),
      gradient,
    );
  });

  it('bce_with_logits with a positive weight, for large logits too', () => {
    const loss = createLoss(lossConfig({ type: 'bce_with_logits', pos_weight: 3 }), 2);
    const logits = tf.tensor2d([0.5, -1.25, 2, -30], [4, 1]);
    const labels = Int32Array.of(1, 0, 0, 1);
    expect(loss.outputs).toBe(1);
    expectClose(loss.mean(logits, labels).dataSync(), [23.4502716]);
    expectClose(loss.values(logits, labels).dataSync(), [1.42223096, 0.251929045, 2.12692809, 90]);
    const gradient = tf.grad((z) => loss.mean(z, labels))(logits);
    expectClose(gradient.dataSync(), [-0.283155501, 0.0556750335, 0.220199257, -0.75]);
    expect([...loss.predict(logits)]).toEqual([1, 0, 1, 0]);
  });
});

describe('losses refuse what they cannot serve', () => {
  it('bce_with_logits on three classes', () => {
    const create = (): unknown => createLoss(lossConfig({ type: 'bce_with_logits' }), 3);
    expect(create).toThrow(TrainError);
    expect(create).toThrow('loss bce_with_logits: expected 2 classes, found 3');
  });

  it('as many class weights as there are classes', () => {
    expect(() => createLoss(lossConfig({ class_weights: [1, 2] }), 3)).toThrow(
      'loss.class_weights: expected 3 weights, one per class, found 2',
    );
  });
});

it('the likeliest class is predicted, the first of equals', () => {
  const loss = createLoss(lossConfig({}), 3);
  expect([...loss.predict(tf.tensor2d([1, 3, 2, 5, 5, 0], [2, 3]))]).toEqual([1, 0]);
});

it('a focal loss with gamma 0 is the cross entropy', () => {
  const loss = createLoss(lossConfig({ type: 'focal', gamma: 0 }), 3);
  const gradient = tf.grad((z) => loss.mean(z, LABELS))(tf.tensor2d(LOGITS, [4, 3]));
  expectClose(gradient.dataSync(), CROSS_ENTROPY_GRADIENT);
});

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value) / scale).toBeLessThan(2e-6);
  });
}
