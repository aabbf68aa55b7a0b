const BARS = [...'▁▂▃▄▅▆▇█'];

/** The last `width` values as bars between the least and the greatest of them; one value is half high. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.filter(Number.isFinite).slice(-width);
  const least = Math.min(...shown);
  const range = Math.max(...shown) - least;
  return shown
    .map((value) => BARS[range === 0 ? 3 : Math.round(((value - least) / range) * (BARS.length - 1))])
    .join('');
}
