import type { ClaimCheck, ClaimOutcome } from '../expect/evaluate-claims.js';
import { type Labels, labelsOf } from './labels.js';
import { type ArmNames, armNames } from './markdown/arm-names.js';
import { oneLine } from './markdown/escape.js';
import { numberText, probabilityText, signedText, styleOf, summaryText } from './markdown/number-text.js';
import type { ReportData } from './report-data.js';

/** What was measured for one check of a claim, as plain text: `gru: 0.8226 ± 0.0100 (n = 3), lstm: 0.8100, difference +0.0126`. */
export function checkText(
  { metric }: Pick<ClaimOutcome, 'metric'>,
  check: ClaimCheck,
  { label, names }: { readonly label: Labels; readonly names: ArmNames },
): string {
  const { arm, against, value, std, n, bound, p, reason } = check;
  const name = arm === null ? '' : `${names.plain(arm)}${label.language === 'zh' ? '：' : ': '}`;
  if (value === null || bound === null) return `${name}${reasonText(check, label)}`;
  if (metric === null) return `${name}${label('claims.trials', { found: value, n })}`;
  const style = styleOf(metric);
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
