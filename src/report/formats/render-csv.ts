import type { SettingValue } from '../../plan/plan.js';
import type { ReportArm, ReportData } from '../report-data.js';

/**
 * A report's figures as CSV (RFC 4180, comma, UTF-8): a line for each trial of each arm, with the settings that the
 * sweep set, its state and every figure: a trial that arms share counts in each of them, and stands under each. What was
 * not measured is empty.
 */
export function renderCsv({ arms }: ReportData): string {
  const paths = [...new Set(arms.flatMap(({ settings }) => Object.keys(settings)))];
  const metrics = [...new Set(arms.flatMap((arm) => Object.keys(arm.metrics)))];
  const head = ['arm', 'label', ...paths, 'trial', 'seed', 'state', 'parameters', ...metrics];
  const lines = arms.flatMap((arm) => {
    const figureOf = figuresBySeed(arm);
    return arm.trials.map(({ id, seed, state }) => [
      arm.id,
      arm.label,
      ...paths.map((path) => settingCell(arm.settings[path])),
      id,
      `${seed}`,
      state,
      arm.parameters === null ? '' : `${arm.parameters}`,
      ...metrics.map((metric) => (state === 'complete' ? (figureOf(metric, seed) ?? '') : '')),
    ]);
  });
  return [head, ...lines].map((cells) => cells.map(quoted).join(',')).join('\r\n');
}

function figuresBySeed({ metrics }: ReportArm): (metric: string, seed: number) => string | undefined {
  const maps = new Map(
    Object.entries(metrics).map(([name, { seeds, values }]) => [
      name,
      new Map(seeds.map((seed, i) => [seed, `${values[i]}`])),
    ]),
  );
  return (metric, seed) => maps.get(metric)?.get(seed);
}

function settingCell(value: SettingValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
