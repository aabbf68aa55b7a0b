import { isAsClaimed } from '../expect/claimed-difference.js';
import type { ClaimCheck, ClaimOutcome } from '../expect/evaluate-claims.js';
import { parseClaim } from '../expect/parse-claim.js';
import { type Labels, labelsOf } from './labels.js';
import { type ArmNames, armNames } from './markdown/arm-names.js';
import { oneLine } from './markdown/escape.js';
import {
  type NumberStyle,
  numberText,
  probabilityText,
  signedText,
  styleOf,
  summaryText,
  writtenNumber,
} from './markdown/number-text.js';
import type { ReportData } from './report-data.js';

/** Beyond the four that metrics have: a double tells no more. */
const MOST_MORE_DIGITS = 13;

/** What was measured for one check of a claim, as plain text: `gru: 0.8226 ± 0.0100 (n = 3), lstm: 0.8100, difference +0.0126`. */
export function checkText(
  { claim, metric }: Pick<ClaimOutcome, 'claim' | 'metric'>,
  check: ClaimCheck,
  { label, names }: { readonly label: Labels; readonly names: ArmNames },
): string {
  const { arm, against, value, std, n, bound, p, reason } = check;
  const name = arm === null ? '' : `${names.plain(arm)}${label.language === 'zh' ? '：' : ': '}`;
  if (value === null || bound === null) return `${name}${reasonText(check, label)}`;
  if (metric === null) return `${name}${label('claims.trials', { found: value, n })}`;
  const style = tellingStyle(claim, { value, bound, against, reason }, styleOf(metric));
  const ours = summaryText({ mean: value, std, n, not_finite: [] }, style);
  const parts = [`${name}${ours} (n = ${n})`];
  if (against !== null) {
    parts.push(`${names.plain(against)}${label.language === 'zh' ? '：' : ': '}${numberText(bound, style)}`);
    parts.push(label('claims.difference', { difference: signedText(value - bound, style) }));
  }
  if (p !== null) parts.push(p < 0.001 ? `p ${probabilityText(p)}` : `p = ${probabilityText(p)}`);
  if (reason !== null && reason !== 'figures') parts.push(reasonText(check, label));
  return parts.join(label.comma);
}

/** Digits enough that the figures as they are written say what was found of them: 0.83996 is no 0.8400 to a claim of 0.84. */
function tellingStyle(
  text: string,
  { value, bound, against, reason }: Pick<ClaimCheck, 'against' | 'reason'> & { value: number; bound: number },
  style: NumberStyle,
): NumberStyle {
  const { claim } = parseClaim(text);
  if (claim?.kind !== 'comparison') return style;
  const scale = Math.max(Math.abs(value), Math.abs(bound));
  const found = reason !== 'figures';
  const tells = (finer: NumberStyle): boolean => {
    const ours = writtenNumber(value, finer);
    const differences =
      against === null ? [ours - bound] : [ours - writtenNumber(bound, finer), writtenNumber(value - bound, finer)];
    return differences.every((difference) => isAsClaimed(difference, { ...claim, scale }) === found);
  };
  const finer = [...Array(MOST_MORE_DIGITS + 1).keys()].map(
    (more): NumberStyle => ({ ...style, decimals: (size) => style.decimals(size) + more }),
  );
  return finer.find(tells) ?? style;
}

function reasonText({ reason, n }: ClaimCheck, label: Labels): string {
  return reason === null || reason === 'figures' ? '' : label(`claims.${reason}`, { n });
}

/** The claims that fail, each a line followed by a line for each check that fails; none when all hold. */
export function failedClaims({ claims, arms, report }: ReportData): readonly string[] {
  const context = { label: labelsOf(report.language), names: armNames(arms) };
  return claims
    .filter(({ holds }) => !holds)
    .flatMap((outcome) => [
      `claim fails: ${oneLine(outcome.claim)}`,
      ...outcome.checks
        .filter(({ holds }) => !holds)
        .map((check) => `  ${oneLine(checkText(outcome, check, context))}`),
    ]);
}
