import type { ReportArm, Summary } from '../report/report-data.js';
import { FEWEST_PAIRS, pairedDifferences } from '../report/statistics/comparison.js';
import { holm } from '../report/statistics/holm.js';
import { mean, sampleStd } from '../report/statistics/moments.js';
import { pairedTTest, signFlipP } from '../report/statistics/paired-tests.js';
import type { ComparisonClaim, StateClaim } from './claim.js';
import { armsOf, claimPairs } from './claim-pairs.js';
import { isAsClaimed } from './claimed-difference.js';
import type { ArmFinder } from './match-arm.js';
import { parseClaim } from './parse-claim.js';

/** Why a check fails: the last three only where a pipeline was not validated. */
export type ClaimReason =
  | 'figures'
  | 'no_figures'
  | 'no_common_seed'
  | 'not_significant'
  | 'too_few_seeds'
  | 'not_a_claim'
  | 'no_arm'
  | 'no_pair';

/** One arm, or one pair of arms, of a claim. */
export interface ClaimCheck {
  /** Arm ids; null where the claim has no such side. */
  readonly arm: string | null;
  readonly against: string | null;
  /** The mean of the left side, over the seeds that both have. */
  readonly value: number | null;
  readonly std: number | null;
  readonly n: number;
  /** The number, or the mean of the right side. */
  readonly bound: number | null;
  /** Of the paired t-test by Holm over all checks with `!`; null without `!`. */
  readonly p: number | null;
  readonly holds: boolean;
  /** Null when it holds. */
  readonly reason: ClaimReason | null;
}

/** A line of `expect` and whether the results fulfil it. */
export interface ClaimOutcome {
  readonly claim: string;
  /** The metric that it is about; null for states. */
  readonly metric: string | null;
  readonly holds: boolean;
  readonly checks: readonly ClaimCheck[];
}

/** Checks every claim against the results. A claim about several arms must hold for each of them. */
export function evaluateClaims(
  claims: readonly string[],
  { arms, finder }: { readonly arms: readonly ReportArm[]; readonly finder: ArmFinder },
): readonly ClaimOutcome[] {
  const evaluated = claims.map((text) => {
    const { claim } = parseClaim(text);
    if (claim === null) return { text, metric: null, checks: [failing('not_a_claim')] };
    if (claim.kind === 'state') return { text, metric: null, checks: checkState(claim, arms, finder) };
    return { text, metric: claim.left.metric, checks: checkComparison(claim, arms, finder) };
  });
  const family = evaluated.flatMap(({ checks }) => checks.filter(({ p }) => p !== null));
  const adjusted = new Map(holm(family.map(({ p }) => p!)).map((p, i) => [family[i]!, p]));
  return evaluated.map(({ text, metric, checks }) => {
    const settled = checks.map((check) => withAdjusted(check, adjusted.get(check)));
    return { claim: text, metric, holds: settled.every(({ holds }) => holds), checks: settled };
  });
}

function withAdjusted(check: ClaimCheck, p: number | undefined): ClaimCheck {
  if (p === undefined) return check;
  if (!check.holds || p < 0.05) return { ...check, p };
  return { ...check, p, holds: false, reason: 'not_significant' };
}

function checkState({ arm, state }: StateClaim, arms: readonly ReportArm[], finder: ArmFinder): readonly ClaimCheck[] {
  const meant = armsOf(arm, arms, finder);
  if (meant.length === 0) return [failing('no_arm')];
  return meant.map(({ id, trials }): ClaimCheck => {
    const fitting = trials.filter((trial) => trial.state === state).length;
    const holds = trials.length > 0 && fitting === trials.length;
    const reason = holds ? null : 'figures';
    return {
      arm: id,
      against: null,
      value: fitting,
      std: null,
      n: trials.length,
      bound: trials.length,
      p: null,
      holds,
      reason,
    };
  });
}

function checkComparison(claim: ComparisonClaim, arms: readonly ReportArm[], finder: ArmFinder): readonly ClaimCheck[] {
  const { left, right } = claim;
  const ours = armsOf(left.arm, arms, finder);
  if (ours.length === 0) return [failing('no_arm')];
  if (typeof right === 'number') {
    return ours.map(({ id, metrics }) => {
      const summary = metrics[left.metric];
      return settle(claim, { arm: id, against: null, values: summary?.values ?? [], bound: right });
    });
  }
  if (armsOf(right.arm, arms, finder).length === 0) return [failing('no_arm')];
  const pairs = claimPairs({ left, right }, arms, finder);
  if (pairs.length === 0) return [failing('no_pair')];
  return pairs.map(([arm, against]) => {
    const { values, others } = common(arm.metrics[left.metric], against.metrics[right.metric]);
    const differences = pairedDifferences(arm.metrics[left.metric], against.metrics[right.metric]);
    const check = settle(claim, { arm: arm.id, against: against.id, values, differences, bound: mean(others) });
    const both = [arm.metrics[left.metric], against.metrics[right.metric]].every((summary) => (summary?.n ?? 0) > 0);
    return check.reason === 'no_figures' && both ? { ...check, reason: 'no_common_seed' } : check;
  });
}

function common(
  a: Summary | undefined,
  b: Summary | undefined,
): { values: readonly number[]; others: readonly number[] } {
  const shared = (a?.seeds ?? []).filter((seed) => b?.seeds.includes(seed));
  const at = (summary: Summary | undefined) => shared.map((seed) => summary!.values[summary!.seeds.indexOf(seed)]!);
  return { values: at(a), others: at(b) };
}

interface Sides {
  readonly arm: string;
  readonly against: string | null;
  readonly values: readonly number[];
  readonly differences?: readonly number[];
  readonly bound: number;
}

function settle({ operator, within, significant }: ComparisonClaim, sides: Sides): ClaimCheck {
  const { arm, against, values, bound } = sides;
  const n = values.length;
  const found = {
    arm,
    against,
    n,
    value: n === 0 ? null : mean(values),
    std: n < 2 ? null : sampleStd(values),
    bound: n === 0 ? null : bound,
  };
  if (n === 0) return { ...found, p: null, holds: false, reason: 'no_figures' };
  const differences = sides.differences ?? values.map((value) => value - bound);
  const difference = mean(differences);
  const scale = [...values, bound].reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const holds = isAsClaimed(difference, { operator, within, scale });
  if (!significant) return { ...found, p: null, holds, reason: holds ? null : 'figures' };
  if (n < FEWEST_PAIRS) return { ...found, p: null, holds: false, reason: holds ? 'too_few_seeds' : 'figures' };
  const p = pairedTTest(differences)?.p ?? signFlipP(differences);
  return { ...found, p, holds, reason: holds ? null : 'figures' };
}

function failing(reason: ClaimReason): ClaimCheck {
  return { arm: null, against: null, value: null, std: null, n: 0, bound: null, p: null, holds: false, reason };
}
