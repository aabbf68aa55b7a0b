import type { SplitMetrics, TrialResult } from '../../trial/result.js';

/** `0.4 s`, `42 s`, `3 min 05 s`, `2 h 07 min`; an en dash for what is not known. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** `512 B`, `28.6 MB`: bytes in powers of ten. */
export function byteCount(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Four decimals, fewer for large figures, powers of ten for what no metric should be, `–` for none. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e6) return value.toExponential(2);
  return Math.abs(value) < 100 ? value.toFixed(4) : value.toFixed(1);
}

/** Three digits that count: `0.52`, `37.4`, `1240`. */
export function rate(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** The figure to name a finished trial by: `test.accuracy 0.8613`, or null when it has none. */
export function headline(metrics: TrialResult['metrics']): string | null {
  for (const split of ['test', 'validation', 'train'] as const) {
    const figures = metrics[split];
    if (figures === undefined || figures === null) continue;
    for (const name of ['accuracy', 'perplexity', 'loss'] as const satisfies readonly (keyof SplitMetrics)[]) {
      const value = figures[name];
      if (typeof value === 'number') return `${split}.${name} ${figure(value)}`;
    }
  }
  return null;
}

/** `1,234,567`, of a whole number: Intl takes a while to load, and there may be a hundred thousand of them. */
export function grouped(count: number): string {
  let rest = String(count);
  let text = '';
  for (; rest.length > 3; rest = rest.slice(0, -3)) text = `,${rest.slice(-3)}${text}`;
  return rest + text;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
