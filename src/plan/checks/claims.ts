import type { ClaimMistake, ClaimSpan, MetricOperand } from '../../expect/claim.js';
import { claimPairs } from '../../expect/claim-pairs.js';
import { armFinder } from '../../expect/match-arm.js';
import { parseClaim } from '../../expect/parse-claim.js';
import { claimDiagnostic, claimTexts } from '../../pipeline/checks/claims.js';
import type { Diagnostic } from '../../pipeline/diagnostic.js';
import { nearest } from '../../pipeline/nearest.js';
import type { Position } from '../../pipeline/positions.js';
import type { PlannedArm } from '../arms.js';
import { hasSplit } from './data.js';

/** What claims are about. */
type ClaimedArm = Pick<PlannedArm, 'arm' | 'config'>;

/** Claims about arms that the plan does not have, about one arm against itself, and about figures that arms do not measure. */
export function checkClaims(
  claims: unknown,
  planned: () => readonly ClaimedArm[],
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
      return [claimDiagnostic('CLAIM_ARM', noArm(selector, wanted, arms), place)];
    });
    if (lost.length > 0) return lost;
    if (claim.kind === 'comparison' && typeof claim.right !== 'number') {
      const { left, right } = claim;
      const compared = arms.map(({ arm }) => arm);
      if (claimPairs({ left, right }, compared, finder).length === 0)
        return [claimDiagnostic('CLAIM_ARM', withItself(right), place)];
    }
    return operands.flatMap((operand) => {
      const { arm: wanted } = operand;
      const meant = arms.filter(({ arm }) => wanted === null || finder.matches(arm, wanted));
      const mistake = unmeasured(operand, meant);
      return mistake === null ? [] : [claimDiagnostic('CLAIM_METRIC', mistake, place)];
    });
  });
}

function noArm(selector: ClaimSpan, wanted: unknown, arms: readonly ClaimedArm[]): ClaimMistake {
  const labels = arms.map(({ arm }) => arm.label);
  const near = typeof wanted === 'string' ? nearest(wanted, labels) : null;
  const some = labels.slice(0, 6).map((label) => `\`${label}\``);
  const hint =
    near === null
      ? `The arms are ${some.join(', ')}${labels.length > some.length ? `, … (${labels.length})` : ''}.`
      : `Did you mean \`${near}\`?`;
  return { ...selector, message: 'no arm of the sweep is meant by this', hint };
}

function withItself({ metric, start, end }: MetricOperand): ClaimMistake {
  return {
    start,
    end,
    message: `there is no other arm to compare \`${metric}\` with`,
    hint: 'Compare with another arm, in brackets, with another metric or with a number.',
  };
}

const TIMES = [
  'total_seconds',
  'startup_seconds',
  'data_seconds',
  'train_seconds',
  'evaluate_seconds',
  'predict_seconds',
  'batches_per_second',
  'tokens_per_second',
  'peak_memory_bytes',
];

function unmeasured({ metric, start }: MetricOperand, arms: readonly ClaimedArm[]): ClaimMistake | null {
  const [split = '', figure = ''] = metric.split('.');
  const place = { start, end: start + metric.length };
  const without = split === 'timing' ? [] : arms.filter(({ config }) => !hasSplit(config.data, split));
  if (without.length > 0) {
    const where = without.length < arms.length ? ` in the arm \`${without[0]!.arm.label}\`` : '';
    return {
      ...place,
      message: `\`${metric}\` is not measured: there is no ${split} split${where}`,
      hint: `Add \`${split}\` to \`data.split\`, or a \`data.${split}\` of its own.`,
    };
  }
  const known = split === 'timing' ? TIMES : measured(arms);
  if (known.includes(figure)) return null;
  const near = nearest(figure, known);
  return {
    ...place,
    message: `\`${metric}\` is not measured`,
    hint:
      near === null
        ? `Measured are ${known.map((name) => `\`${name}\``).join(', ')}.`
        : `Did you mean \`${split}.${near}\`?`,
  };
}

/** What every one of the arms measures on each split. */
function measured(arms: readonly ClaimedArm[]): readonly string[] {
  const [first = [], ...rest] = arms.map(({ config }) => [
    'loss',
    'loss_over_batches',
    ...(config.task === 'classification' ? ['accuracy', 'accuracy_over_batches'] : ['perplexity']),
    ...config.metrics.filter((metric) => metric !== 'confusion_matrix'),
  ]);
  return [...new Set(first)].filter((metric) => rest.every((metrics) => metrics.includes(metric)));
}
