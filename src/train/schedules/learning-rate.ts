import type { OptimizerConfig, ScheduleConfig } from '../../plan/trial-config.js';
import type { EpochRecord } from '../../trial/result.js';
import { plateauReductions } from './plateau.js';

export interface ScheduleProgress {
  /** Finished epochs: 0 in the first. */
  readonly epoch: number;
  readonly epochs: number;
  /** Finished updates: 0 before the first. */
  readonly update: number;
  /** The records of the finished epochs. */
  readonly history: readonly EpochRecord[];
}

/** The learning rate of the next update: the epoch's rate, times update / warmup_steps (from 1) while warming up. */
export function learningRate({ lr, schedule }: OptimizerConfig, progress: ScheduleProgress): number {
  const warmup = schedule.warmup_steps === 0 ? 1 : Math.min(1, (progress.update + 1) / schedule.warmup_steps);
  return epochRate(lr, schedule, progress) * warmup;
}

/**
 * torch.optim.lr_scheduler's closed forms: StepLR, ExponentialLR, CosineAnnealingLR with T_max = epochs (min_lr is
 * reached when the last epoch ends, so that the last epoch still learns), ReduceLROnPlateau.
 */
function epochRate(lr: number, schedule: ScheduleConfig, { epoch, epochs, history }: ScheduleProgress): number {
  switch (schedule.type) {
    case 'constant':
      return lr;
    case 'step':
      return lr * schedule.gamma ** Math.floor(epoch / schedule.step_size);
    case 'exponential':
      return lr * schedule.gamma ** epoch;
    case 'cosine':
      return schedule.min_lr + ((lr - schedule.min_lr) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
    case 'plateau': {
      const reduced = lr * schedule.gamma ** plateauReductions(schedule, history);
      return Math.max(reduced, Math.min(lr, schedule.min_lr));
    }
  }
}
