import type { ScheduleConfig } from '../../plan/trial-config.js';
import type { EpochRecord } from '../../trial/result.js';
import { lowerIsBetter, metricAt } from '../metrics/metric-path.js';

/** ReduceLROnPlateau's default: an improvement is more than this share of the best value. */
const THRESHOLD = 1e-4;

/**
 * How often torch's ReduceLROnPlateau (`threshold_mode="rel"`, no cooldown) would have reduced the rate over this
 * history; epochs without the watched metric do not count.
 */
export function plateauReductions(schedule: ScheduleConfig, history: readonly EpochRecord[]): number {
  const lower = lowerIsBetter(schedule.metric);
  let best = lower ? Infinity : -Infinity;
  let waited = 0;
  let reductions = 0;
  for (const record of history) {
    const value = metricAt(record, schedule.metric);
    if (value === undefined) continue;
    if (lower ? value < best * (1 - THRESHOLD) : value > best * (1 + THRESHOLD)) {
      best = value;
      waited = 0;
    } else if (++waited > schedule.patience) {
      reductions++;
      waited = 0;
    }
  }
  return reductions;
}
