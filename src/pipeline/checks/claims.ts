import type { ClaimMistake, ClaimSpan } from '../../expect/claim.js';
import { parseClaim } from '../../expect/parse-claim.js';
import type { Diagnostic } from '../diagnostic.js';
import { locateValue, type Position } from '../positions.js';
import { locationOf, type SpanLocation } from '../source-text.js';

/** Lines of `expect` that are no claims, each with the part that is wrong underlined. */
export function checkClaimGrammar(claims: unknown, positions: Position): readonly Diagnostic[] {
  return claimTexts(claims).flatMap(([text, index]) => {
    const { mistake } = parseClaim(text);
    return mistake === null ? [] : [claimDiagnostic('CLAIM_SYNTAX', mistake, { text, index, positions })];
  });
}

interface Place {
  readonly text: string;
  readonly index: number;
  readonly positions: Position;
}

/** A mistake in one of the claims, with its place in the file. */
export function claimDiagnostic(code: string, mistake: ClaimMistake, place: Place): Diagnostic {
  const { message, hint } = mistake;
  return { severity: 'error', code, path: `expect[${place.index}]`, message, hint, location: placeOf(mistake, place) };
}

/** The part of the claim, where it stands in the file as it is; the whole line where YAML's quotes or folds change it. */
function placeOf({ start, end }: ClaimSpan, { text, index, positions }: Place): SpanLocation {
  const value = positions.children.get('expect')?.children.get(String(index))?.value;
  const at = value === undefined ? -1 : value.source.text.slice(value.start, value.end).indexOf(text);
  if (value === undefined || at < 0) return locateValue(positions, ['expect', index]);
  const from = value.start + at;
  return locationOf({ source: value.source, start: from + start, end: from + Math.max(end, start + 1) });
}

/** The lines of `expect` that are texts, with their indices: what is none was refused by the schema. */
export function claimTexts(claims: unknown): readonly (readonly [text: string, index: number])[] {
  if (!Array.isArray(claims)) return [];
  return claims.flatMap((claim, index) => (typeof claim === 'string' ? [[claim, index] as const] : []));
}
