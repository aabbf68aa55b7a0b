import type { Arm } from '../plan/plan.js';
import type { ComparisonClaim, MetricOperand } from './claim.js';
import type { ArmFinder, WantedArm } from './match-arm.js';

/** The arms that a side of a claim is about. */
export function armsOf<A extends Arm>(wanted: WantedArm | null, arms: readonly A[], finder: ArmFinder): readonly A[] {
  return wanted === null ? arms : arms.filter((arm) => finder.matches(arm, wanted));
}

/**
 * The arms that a claim with an arm on either side compares. Arms that agree in all settings that neither side names are
 * paired; where that leaves any alone, each meets each. No arm meets itself in the same metric.
 */
export function claimPairs<A extends Arm>(
  { left, right }: Pick<ComparisonClaim, 'left'> & { readonly right: MetricOperand },
  arms: readonly A[],
  finder: ArmFinder,
): readonly (readonly [A, A])[] {
  const ours = armsOf(left.arm, arms, finder);
  const theirs = armsOf(right.arm, arms, finder);
  const named = new Set(
    [left.arm, right.arm].flatMap((arm) => (arm === null || typeof arm === 'string' ? [] : Object.keys(arm))),
  );
  const keyOf = ({ settings }: A): string =>
    JSON.stringify(
      Object.entries(settings)
        .filter(([path]) => !named.has(path))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const meets = (arm: A, other: A): boolean => other !== arm || left.metric !== right.metric;
  const counterparts = ours.map((arm) => theirs.filter((other) => meets(arm, other) && keyOf(other) === keyOf(arm)));
  if (counterparts.every((found) => found.length === 1))
    return ours.map((arm, i) => [arm, counterparts[i]![0]!] as const);
  return ours.flatMap((arm) => theirs.filter((other) => meets(arm, other)).map((other) => [arm, other] as const));
}
