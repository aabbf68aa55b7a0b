import { describe, expect, it } from 'vitest';
import type { ScheduleConfig } from '../../../src/plan/trial-config.js';
import { learningRate } from '../../../src/train/schedules/learning-rate.js';
import type { EpochRecord } from '../../../src/trial/result.js';
import { optimizerConfig, scheduleConfig } from '../configs.js';
import { epochRecord } from '../epoch-record.js';

/** The rate of every epoch for SGD lr 0.5, as the PyTorch runs below. */
function rates(schedule: Partial<ScheduleConfig>, epochs: number, history: readonly EpochRecord[] = []): number[] {
  const config = optimizerConfig({ type: 'sgd', lr: 0.5, schedule: scheduleConfig(schedule) });
  return Array.from({ length: epochs }, (_, epoch) =>
    learningRate(config, { epoch, epochs, update: 0, history: history.slice(0, epoch) }),
  );
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((rate, i) => {
    expect(rate).toBeCloseTo(expected[i]!, 8);
  });
}

// Expected numbers: torch 2.13, torch.optim.lr_scheduler, lr 0.5.
describe('schedules agree with PyTorch', () => {
  it('StepLR(2, 0.1)', () => {
    expectClose(rates({ type: 'step', step_size: 2, gamma: 0.1 }, 6), [0.5, 0.5, 0.05, 0.05, 0.005, 0.005]);
  });

  it('ExponentialLR(0.9)', () => {
    expectClose(rates({ type: 'exponential', gamma: 0.9 }, 6), [0.5, 0.45, 0.405, 0.3645, 0.32805, 0.295245]);
  });

  it('CosineAnnealingLR(T_max=6, eta_min=0.05)', () => {
    expectClose(rates({ type: 'cosine', min_lr: 0.05 }, 6), [0.5, 0.469855716, 0.3875, 0.275, 0.1625, 0.0801442841]);
  });

  it("ReduceLROnPlateau('min', factor=0.5, patience=1, min_lr=0.1)", () => {
    const losses = [1, 0.9, 0.95, 0.89999, 0.91, 0.92, 0.8, 0.8];
    const history = losses.map((loss, i) => epochRecord(i + 1, { validation: { loss } }));
    const schedule = { type: 'plateau', gamma: 0.5, patience: 1, min_lr: 0.1 } as const;
    expectClose(rates(schedule, 8, history), [0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  });

  it("ReduceLROnPlateau('max', factor=0.5, patience=0) for a metric that grows", () => {
    const history = [0.5, 0.6, 0.6, 0.61, 0.6].map((accuracy, i) =>
      epochRecord(i + 1, { validation: { loss: 1, accuracy } }),
    );
    const schedule = { type: 'plateau', gamma: 0.5, patience: 0, metric: 'validation.accuracy' } as const;
    expectClose(rates(schedule, 5, history), [0.5, 0.5, 0.5, 0.25, 0.25]);
  });
});

it('the rate rises linearly over the first updates of a warm-up', () => {
  const config = optimizerConfig({ lr: 0.5, schedule: scheduleConfig({ warmup_steps: 4 }) });
  const found = [0, 1, 2, 3, 4, 100].map((update) =>
    learningRate(config, { epoch: 0, epochs: 1, update, history: [] }),
  );
  expectClose(found, [0.125, 0.25, 0.375, 0.5, 0.5, 0.5]);
});

it('epochs that were not evaluated do not count for a plateau', () => {
  const history = [epochRecord(1, { validation: { loss: 1 } }), epochRecord(2, {}), epochRecord(3, {})];
  expectClose(rates({ type: 'plateau', gamma: 0.5, patience: 0 }, 4, history), [0.5, 0.5, 0.5, 0.5]);
});
