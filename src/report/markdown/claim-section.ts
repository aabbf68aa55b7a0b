import type { ClaimCheck, ClaimOutcome } from '../../expect/evaluate-claims.js';
import { checkText } from '../claim-text.js';
import { codeSpan, escapeInline } from './escape.js';
import type { Section, SectionContext } from './section.js';
import { tableOf } from './table.js';

const MOST_CHECKS = 12;

/** The pipeline's claims, whether each holds, and the figures that say so. */
export const claimSection: Section = (context) => {
  const { data, label } = context;
  const { claims } = data;
  if (claims.length === 0) return [];
  const failing = claims.filter(({ holds }) => !holds).length;
  const rows = claims.flatMap((outcome) => rowsOf(outcome, context));
  return [
    `## ${label('claims')}`,
    label(failing === 0 ? 'claims.all' : 'claims.some', { n: claims.length, failing }),
    tableOf([
      { header: label('claim'), cells: rows.map(({ claim }) => claim) },
      { header: label('outcome'), cells: rows.map(({ outcome }) => outcome) },
      { header: label('measured'), cells: rows.map(({ text }) => text) },
    ]),
  ];
};

interface Row {
  readonly claim: string;
  readonly outcome: string;
  readonly text: string;
}

/** A row for each check, what fails first; of a claim about many arms, the rest in one row. */
function rowsOf(outcome: ClaimOutcome, { label, names }: SectionContext): readonly Row[] {
  const ordered = [...outcome.checks].sort((a, b) => Number(a.holds) - Number(b.holds));
  const failing = ordered.filter(({ holds }) => !holds).length;
  const shown = ordered.length <= MOST_CHECKS ? outcome.checks : ordered.slice(0, Math.max(MOST_CHECKS, failing));
  const left = outcome.checks.length - shown.length;
  const rows = shown.map(
    (check: ClaimCheck, i): Row => ({
      claim: i === 0 ? codeSpan(outcome.claim) : '',
      outcome: label(check.holds ? 'claims.holds' : 'claims.fails'),
      text: escapeInline(checkText(outcome, check, { label, names })),
    }),
  );
  if (left === 0) return rows;
  return [...rows, { claim: '', outcome: label('claims.holds'), text: label('claims.more', { n: left }) }];
}
