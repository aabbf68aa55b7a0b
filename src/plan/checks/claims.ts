import type { ClaimMistake, ComparisonClaim, MetricOperand } from '../../expect/claim.js';
import { claimPairs } from '../../expect/claim-pairs.js';
import { armFinder } from '../../expect/match-arm.js';
import { parseClaim } from '../../expect/parse-claim.js';
import { claimDiagnostic, claimTexts } from '../../pipeline/checks/claims.js';
import type { Diagnostic } from '../../pipeline/diagnostic.js';
import type { Position } from '../../pipeline/positions.js';
import { armsHint, type ConfiguredArm, unmeasured } from './measured.js';

/** Claims about arms that the plan does not have, about one arm against itself, and about figures that arms do not measure or cannot reach. */
export function checkClaims(
  claims: unknown,
  planned: () => readonly ConfiguredArm[],
  positions: Position,
): readonly Diagnostic[] {
  if (claimTexts(claims).length === 0) return [];
  const arms = planned();
  const finder = armFinder(new Map(arms.map(({ arm, config }) => [arm.id, config])));
  return claimTexts(claims).flatMap(([text, index]) => {
    const { claim } = parseClaim(text);
    if (claim === null) return [];
    const operands = claim.kind === 'state' ? [] : [claim.left, claim.right].filter((side) => typeof side !== 'number');
    const selected = claim.kind === 'state' ? [claim] : operands;
    const place = { text, index, positions };
    const lost = selected.flatMap(({ arm: wanted, selector }) => {
      if (wanted === null || arms.some(({ arm }) => finder.matches(arm, wanted))) return [];
      return [
        claimDiagnostic(
          'CLAIM_ARM',
          { ...selector, message: 'no arm of the sweep is meant by this', hint: armsHint(wanted, arms) },
          place,
        ),
      ];
    });
    if (lost.length > 0) return lost;
    if (claim.kind === 'comparison' && typeof claim.right !== 'number') {
      const { left, right } = claim;
      const compared = arms.map(({ arm }) => arm);
      if (claimPairs({ left, right }, compared, finder).length === 0)
        return [claimDiagnostic('CLAIM_ARM', withItself(right), place)];
    }
    const outOfReach = claim.kind === 'comparison' ? beyondShares(claim) : null;
    if (outOfReach !== null) return [claimDiagnostic('CLAIM_BOUND', outOfReach, place)];
    return operands.flatMap((operand) => {
      const { arm: wanted } = operand;
      const meant = arms.filter(({ arm }) => wanted === null || finder.matches(arm, wanted));
      const mistake = unmeasured(operand.metric, meant);
      const { start } = operand;
      const span = { start, end: start + operand.metric.length };
      return mistake === null ? [] : [claimDiagnostic('CLAIM_METRIC', { ...mistake, ...span }, place)];
    });
  });
}

const SHARES = /\.(accuracy|accuracy_over_batches|precision|recall|f1|roc_auc)$/;

/** A share held against a number that none can be: the claim would say nothing, or nothing could make it true. */
function beyondShares({ left, right }: ComparisonClaim): ClaimMistake | null {
  if (typeof right !== 'number' || (right >= 0 && right <= 1) || !SHARES.test(left.metric)) return null;
  const { metric, start } = left;
  return {
    start,
    end: start + metric.length,
    message: `\`${metric}\` is between 0 and 1, and is held against ${right}`,
    hint: right > 1 && right <= 100 ? `Write ${right}% or ${Number((right / 100).toPrecision(12))}.` : null,
  };
}

function withItself({ metric, start, end }: MetricOperand): ClaimMistake {
  return {
    start,
    end,
    message: `there is no other arm to compare \`${metric}\` with`,
    hint: 'Compare with another arm, in brackets, with another metric or with a number.',
  };
}
