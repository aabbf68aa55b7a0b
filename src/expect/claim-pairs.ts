import type { Arm } from '../plan/plan.js';
import type { ComparisonClaim, MetricOperand } from './claim.js';
import type { ArmFinder, WantedArm } from './match-arm.js';

/** The arms that a side of a claim is about. */
export function armsOf<A extends Arm>(wanted: WantedArm | null, arms: readonly A[], finder: ArmFinder): readonly A[] {
  return wanted === null ? arms : arms.filter((arm) => finder.matches(arm, wanted));
}

/**
 * The arms that a claim with an arm on either side compares: those that agree in all settings that neither side names;
 * where that leaves any arm of either side alone, each of the one side with each of the other. No arm meets itself in the
 * same metric. A claim and its mirror image compare the same arms.
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
  const meets = (arm: A, other: A): boolean => other !== arm || left.metric !== right.metric;
  const counterparts = new Map<string, A[]>();
  for (const arm of theirs) {
    const key = settingsBut(named, arm);
    const sharing = counterparts.get(key) ?? [];
    counterparts.set(key, sharing);
    sharing.push(arm);
  }
  const agreeing = ours.flatMap((arm) => pairsOf(arm, counterparts.get(settingsBut(named, arm)) ?? []));
  const paired = new Set(agreeing.flat());
  if ([...ours, ...theirs].every((arm) => paired.has(arm))) return agreeing;
  return ours.flatMap((arm) => pairsOf(arm, theirs));

  function pairsOf(arm: A, others: readonly A[]): readonly (readonly [A, A])[] {
    return others.filter((other) => meets(arm, other)).map((other) => [arm, other] as const);
  }
}

function settingsBut(named: ReadonlySet<string>, { settings }: Arm): string {
  return JSON.stringify(
    Object.entries(settings)
      .filter(([path]) => !named.has(path))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
