import type { ArmFinder } from '../expect/match-arm.js';
import type { ReportSettings } from './load/report-settings.js';
import type { ReportArm } from './report-data.js';

/** A published figure beside ours. */
export interface ReportReference {
  /** The arm's id. */
  readonly arm: string;
  readonly metric: string;
  readonly source: string | null;
  readonly value: number;
  /** Digits after the point that the source prints, taken from all its figures of this metric. */
  readonly decimals: number;
  /** Ours − theirs; null where we have none. */
  readonly difference: number | null;
  /** Whether our mean ± std reaches the figure as it is rounded; null with fewer than two seeds. */
  readonly covered: boolean | null;
}

/** Every published figure of every arm that it is about, in the order of the pipeline. */
export function referencesOf(
  { reference }: ReportSettings,
  arms: readonly ReportArm[],
  finder: ArmFinder,
): readonly ReportReference[] {
  return reference.flatMap(({ arm: wanted, metrics, source }) => {
    const meant = arms.filter((arm) => finder.matches(arm, wanted));
    return Object.entries(metrics).flatMap(([metric, value]) => {
      const decimals = decimalsOf(
        reference.flatMap((other) => (other.source === source ? (other.metrics[metric] ?? []) : [])),
      );
      return meant.map(({ id, metrics: ours }): ReportReference => {
        const { mean = null, std = null } = ours[metric] ?? {};
        const difference = mean === null ? null : mean - value;
        const reach = std === null ? null : std + 0.5 * 10 ** -decimals;
        const covered = difference === null || reach === null ? null : Math.abs(difference) <= reach * (1 + 1e-9);
        return { arm: id, metric, source, value, decimals, difference, covered };
      });
    });
  });
}

/** A source that prints 1.1 and 1.0 rounds to one digit, although YAML reads the second as 1. */
function decimalsOf(values: readonly number[]): number {
  return Math.max(...values.map((value) => /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0));
}
