export const TICKS = 6;

/** The ends of an axis with about six ticks: round numbers, with a share of the values' span or more on both sides. */
export function roomyDomain(values: readonly number[], room = 1 / 8): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / TICKS));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power * TICKS >= span)!;
  return [Math.floor((low - room * span) / step) * step, Math.ceil((high + room * span) / step) * step];
}
