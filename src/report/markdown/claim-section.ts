import type { ClaimOutcome } from '../../expect/evaluate-claims.js';
import { checkText } from '../claim-text.js';
import { codeSpan, escapeInline } from './escape.js';
import type { Section, SectionContext } from './section.js';
import { tableOf } from './table.js';

const MOST_HOLDING = 3;
const MOST_FAILING = 12;

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

/** A row for each check that fails and for the others where they are few; what is left out is counted. */
function rowsOf(outcome: ClaimOutcome, { label, names }: SectionContext): readonly Row[] {
  const failing = outcome.checks.filter(({ holds }) => !holds);
  const holding = outcome.checks.filter(({ holds }) => holds);
  const shown = [...(holding.length > MOST_HOLDING ? [] : holding), ...failing.slice(0, MOST_FAILING)];
  const rows = shown.map(
    (check): Row => ({
      claim: '',
      outcome: label(check.holds ? 'claims.holds' : 'claims.fails'),
      text: escapeInline(checkText(outcome, check, { label, names })),
    }),
  );
  const left = (count: number, kind: 'holds' | 'fails'): readonly Row[] =>
    count === 0 ? [] : [{ claim: '', outcome: label(`claims.${kind}`), text: label('claims.count', { n: count }) }];
  const all = [
    ...left(holding.length > MOST_HOLDING ? holding.length : 0, 'holds'),
    ...rows,
    ...left(Math.max(0, failing.length - MOST_FAILING), 'fails'),
  ];
  return all.map((row, i) => (i === 0 ? { ...row, claim: codeSpan(outcome.claim) } : row));
}
