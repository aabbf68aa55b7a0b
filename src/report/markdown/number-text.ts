import type { Summary } from '../report-data.js';

/** How the numbers of a column are written. */
export interface NumberStyle {
  /** Digits after the point for a mean of this size; negative rounds to tens, hundreds, … */
  readonly decimals: (value: number) => number;
  /** Divides the value: 1e6 for bytes shown as MB. */
  readonly unit: number;
}

const METRIC: NumberStyle = { decimals: (value) => (Math.abs(value) < 1000 ? 4 : 1), unit: 1 };
const QUANTITY: NumberStyle = { decimals: (value) => significant(value, 3), unit: 1 };
const MEGABYTES: NumberStyle = { ...QUANTITY, unit: 1e6 };
const COUNT: NumberStyle = { decimals: () => 0, unit: 1 };

/** Four digits after the point for metrics, three significant ones for times, speeds and sizes. */
export function styleOf(metric: string): NumberStyle {
  if (metric.endsWith('_bytes')) return MEGABYTES;
  if (metric === 'support' || metric === 'parameters') return COUNT;
  return metric.startsWith('timing.') ? QUANTITY : METRIC;
}

/** `0.8588 ± 0.0012`; without spread for one value, `NaN` where no value is a number, empty where there is none. */
export function summaryText(
  summary: Pick<Summary, 'mean' | 'std' | 'n' | 'not_finite'> | undefined,
  style: NumberStyle,
): string {
  if (summary === undefined) return '';
  const { mean, std, n, not_finite } = summary;
  if (mean === null) return not_finite.length > 0 ? 'NaN' : '';
  const decimals = style.decimals(mean / style.unit);
  // Counts that every seed shares have no spread worth a word.
  const spread = std === null || (std === 0 && style === COUNT) ? '' : ` ± ${fixed(std / style.unit, decimals)}`;
  const partial = not_finite.length > 0 ? ` (n = ${n})` : '';
  return `${fixed(mean / style.unit, decimals)}${spread}${partial}`;
}

/** One number in its style. */
export function numberText(value: number, style: NumberStyle): string {
  return Number.isFinite(value) ? fixed(value / style.unit, style.decimals(value / style.unit)) : 'NaN';
}

/** The number that `numberText` says. */
export function writtenNumber(value: number, style: NumberStyle): number {
  return Number(numberText(value, style).replaceAll(',', '')) * style.unit;
}

/** `+0.0123` or `−0.0123`. */
export function signedText(value: number, style: NumberStyle): string {
  const text = numberText(Math.abs(value), style);
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** A p value to three digits, never 0. */
export function probabilityText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** A whole number with thousands separators. */
export function countText(value: number): string {
  return Number.isFinite(value) ? grouped(value.toFixed(0)) : 'NaN';
}

/** `45.2 s`, `2 min 5 s`, `1 h 2 min`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${fixed(seconds, Math.min(3, significant(seconds, 3)))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-11-22 09:30 UTC`, or null when the text is no time. */
export function timeText(iso: string): string | null {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? null : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Digits after the point that show `digits` significant ones. */
function significant(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return digits - 1;
  // After rounding, so that 9.996 counts as 10.0.
  const exponent = Number(
    Math.abs(value)
      .toExponential(digits - 1)
      .split('e')[1],
  );
  return digits - 1 - exponent;
}

function fixed(value: number, decimals: number): string {
  // What has more digits than JavaScript would write out.
  if (Math.abs(value) >= 1e21) return value.toExponential(Math.max(4, Math.min(decimals, 20)));
  if (decimals < 0) return grouped((Math.round(value / 10 ** -decimals) * 10 ** -decimals).toFixed(0));
  const text = value.toFixed(Math.min(decimals, 20));
  // What would round to nothing keeps its size.
  if (Number(text) === 0 && value !== 0 && Math.abs(value) > 1e-300 && decimals >= 4) return value.toExponential(1);
  return grouped(Number(text) === 0 ? text.replace('-', '') : text);
}

/** Separates thousands. */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}
