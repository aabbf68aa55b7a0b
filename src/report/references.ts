import type { ArmFinder } from '../expect/match-arm.js';
import { decimalsOf } from '../pipeline/written-decimals.js';
import type { Reference, ReportSettings } from './load/report-settings.js';
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
      const decimals = decimalsIn(
        reference.filter((other) => other.source === source),
        metric,
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

/** A source rounds all its figures of a metric alike, so one that was written as 1 beside 1.1 has a digit too. */
function decimalsIn(references: readonly Reference[], metric: string): number {
  return Math.max(
    ...references.flatMap(({ metrics, decimals }) =>
      Object.hasOwn(metrics, metric) ? [decimals?.[metric] ?? decimalsOf(String(metrics[metric]))] : [],
    ),
  );
}
