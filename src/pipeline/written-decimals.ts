import type { Position } from './positions.js';
import type { Span } from './source-text.js';

/** `toFixed` writes no more. */
export const MOST_DECIMALS = 100;

/** Digits after the point of a number as it is written: 2 of `0.90` and of `9.0e-1`, none of `90`. */
export function decimalsOf(text: string): number {
  const [, fraction = '', exponent = '0'] = /^[-+]?\d*\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  return Math.min(MOST_DECIMALS, Math.max(0, fraction.length - Number(exponent)));
}

/** A `report` block, as far as its published figures go. */
interface Report {
  readonly reference?: readonly { readonly metrics: { readonly [metric: string]: number } }[];
}

/**
 * A `report` block whose published figures have the `decimals` that their numbers lost: 0.90 is read as 0.9, but is
 * rounded otherwise. `positions` are those of the pipeline; what was not written there stays as it is.
 */
export function withWrittenDecimals<Block extends Report>(report: Block, positions: Position): Block {
  const written = positions.children.get('report')?.children.get('reference')?.children;
  if (report.reference === undefined || written === undefined) return report;
  const reference = report.reference.map((entry, index) => {
    const figures = written.get(String(index))?.children.get('metrics')?.children;
    const decimals = Object.entries(entry.metrics).flatMap(([metric, value]) => {
      const place = figures?.get(metric);
      const text = place === undefined ? '' : textOf(place.target ?? place.value);
      const lost = text !== '' && Number(text) === value && decimalsOf(text) > decimalsOf(String(value));
      return lost ? [[metric, decimalsOf(text)] as const] : [];
    });
    return decimals.length === 0 ? entry : { ...entry, decimals: Object.fromEntries(decimals) };
  });
  return { ...report, reference };
}

function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}
