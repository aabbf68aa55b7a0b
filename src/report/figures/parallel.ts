import type { SettingValue } from '../../plan/plan.js';
import { settingText } from '../markdown/arm-names.js';
import { metricTitle } from '../markdown/metric-name.js';
import { numberText, styleOf } from '../markdown/number-text.js';
import { lowerIsBetter, mainMetric } from '../metrics.js';
import type { ReportArm } from '../report-data.js';
import type { Figure, FigureContext } from './figure.js';
import { INK, MUTED, PAPER, TOLD } from './style.js';

const FEWEST_AXES = 3;
const MOST_AXES = 10;
const MOST_ARMS = 1000;
/** More values than this are ends of a scale instead of steps. */
const MOST_STEPS = 8;

interface Axis {
  readonly title: string;
  /** From 0 to 1. */
  place(arm: ReportArm): number;
  readonly ticks: readonly { readonly text: string; readonly at: number }[];
}

/** A line for each arm through the values of its settings to its result, for sweeps over many settings. */
export function parallelCoordinates({ data, label, names }: FigureContext): Figure | null {
  const metric = mainMetric(data.arms);
  const arms = metric === null ? [] : data.arms.filter(({ metrics }) => metrics[metric]?.mean != null);
  const paths = names.paths;
  if (metric === null || arms.length < 4 || arms.length > MOST_ARMS) return null;
  if (paths.length < FEWEST_AXES || paths.length > MOST_AXES) return null;
  const axes = [...paths.map((path) => settingAxis(path, arms)), resultAxis(metric, arms, metricTitle(metric, label))];
  const lower = lowerIsBetter(metric);
  // The best are drawn last, over the others.
  const ordered = [...arms].sort((a, b) => (lower ? -1 : 1) * (a.metrics[metric]!.mean! - b.metrics[metric]!.mean!));
  const values = ordered.flatMap((arm, rank) =>
    axes.map((axis, i) => ({
      told: `${names.plain(arm.id)}: ${numberText(arm.metrics[metric]!.mean!, styleOf(metric))}`,
      rank,
      axis: i,
      at: axis.place(arm),
      good: (rank + 1) / ordered.length,
    })),
  );
  const ticks = axes.flatMap((axis, i) => axis.ticks.map(({ text, at }) => ({ axis: i, text, at })));
  const titles = axes.map(({ title }, i) => ({ axis: i, text: title, at: 1.12 }));
  const x = { field: 'axis', type: 'quantitative', scale: { domain: [0, axes.length - 1] }, axis: null };
  const y = {
    field: 'at',
    type: 'quantitative',
    scale: { domain: [-0.05, 1.2], zero: false, nice: false },
    axis: null,
  };
  return {
    name: 'settings',
    title: label('figures.parallel', { metric: metricTitle(metric, label) }),
    caption: label('figures.parallel.caption'),
    spec: {
      width: Math.min(760, 150 * (axes.length - 1)),
      height: 300,
      padding: { left: 60, right: 90, top: 8, bottom: 8 },
      layer: [
        {
          data: { values: axes.map((_, i) => ({ axis: i, at: 0, to: 1 })) },
          mark: { type: 'rule', color: MUTED, aria: false },
          encoding: { x, y, y2: { field: 'to' } },
        },
        {
          data: { values },
          mark: { type: 'line', interpolate: 'monotone' },
          encoding: {
            description: TOLD,
            x,
            y,
            detail: { field: 'rank', type: 'nominal' },
            order: { field: 'axis', type: 'quantitative' },
            color: {
              field: 'good',
              type: 'quantitative',
              scale: { domain: [0, 1], range: ['#d9d9d9', '#9ecae1', '#0072b2', '#08306b'] },
              legend: null,
            },
            strokeWidth: {
              field: 'good',
              type: 'quantitative',
              scale: { domain: [0, 1], range: [0.6, 2.4] },
              legend: null,
            },
          },
        },
        // Twice: once as paper around the letters, which lines would hide.
        ...[{ stroke: PAPER, strokeWidth: 3 }, { color: INK }].map((look) => ({
          data: { values: ticks },
          mark: { type: 'text', align: 'left', dx: 5, fontSize: 10, aria: false, ...look },
          encoding: { x, y, text: { field: 'text', type: 'nominal' } },
        })),
        {
          data: { values: titles },
          mark: { type: 'text', fontWeight: 'bold', color: INK, limit: 145, aria: false },
          encoding: { x, y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  };
}

function settingAxis(path: string, arms: readonly ReportArm[]): Axis {
  const title = path.slice(path.lastIndexOf('.') + 1);
  const settingOf = (arm: ReportArm): SettingValue => arm.settings[path] ?? null;
  const numbers = arms.map(settingOf).filter((value) => typeof value === 'number');
  const distinct = [...new Map(arms.map((arm) => [JSON.stringify(settingOf(arm)), settingOf(arm)])).values()];
  if (numbers.length === arms.length && distinct.length > MOST_STEPS) {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    // Rates are searched over decades.
    const log = low > 0 && high > 20 * low;
    const scaled = (value: number): number =>
      log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    const ends = [low, high].map((value) => ({ text: shortNumber(value), at: scaled(value) }));
    return { title, place: (arm) => scaled(settingOf(arm) as number), ticks: ends };
  }
  const steps = numbers.length === arms.length ? [...(distinct as number[])].sort((a, b) => a - b) : distinct;
  const keys = steps.map((value) => JSON.stringify(value));
  const at = (i: number): number => (keys.length === 1 ? 0.5 : i / (keys.length - 1));
  return {
    title,
    place: (arm) => at(keys.indexOf(JSON.stringify(settingOf(arm)))),
    ticks:
      steps.length > 24
        ? []
        : steps.map((value, i) => ({ text: value === null ? '–' : settingText(value), at: at(i) })),
  };
}

function resultAxis(metric: string, arms: readonly ReportArm[], title: string): Axis {
  const means = arms.map(({ metrics }) => metrics[metric]!.mean!);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const span = high - low || 1;
  const style = styleOf(metric);
  return {
    title,
    place: ({ metrics }) => (metrics[metric]!.mean! - low) / span,
    ticks: [0, 0.5, 1].map((at) => ({ text: numberText(low + at * span, style), at })),
  };
}

function shortNumber(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
