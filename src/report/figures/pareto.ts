import { metricTitle } from '../markdown/metric-name.js';
import { numberText, styleOf } from '../markdown/number-text.js';
import { lowerIsBetter, mainMetric } from '../metrics.js';
import { roomyDomain } from './domain.js';
import type { Figure, FigureContext } from './figure.js';
import { LINE_HEIGHT, type Pixel, placeNames } from './point-names.js';
import { linesOf, MUTED, TOLD } from './style.js';

const MOST_ARMS = 500;
const MOST_NAMES = 14;
const NAME_LETTERS = 36;
const WIDTH = 520;
const HEIGHT = 300;

/** The main metric against training time, with the arms that nothing beats in both. */
export function pareto({ data, label, names }: FigureContext): Figure | null {
  const metric = mainMetric(data.arms);
  if (metric === null) return null;
  const points = data.arms.flatMap(({ id, metrics, same_as }) => {
    const y = metrics[metric];
    const x = metrics['timing.train_seconds'];
    if (y?.mean == null || x?.mean == null || !(x.mean > 0) || same_as !== null) return [];
    return [
      { arm: names.plain(id), seconds: x.mean, value: y.mean, low: y.mean - (y.std ?? 0), high: y.mean + (y.std ?? 0) },
    ];
  });
  if (points.length < 3 || points.length > MOST_ARMS) return null;
  const better = lowerIsBetter(metric) ? -1 : 1;
  const front = frontier(points.map((point) => ({ ...point, gain: better * point.value })));
  const best = new Set(front.map(({ arm }) => arm));
  const title = metricTitle(metric, label);
  const seconds = points.map((point) => point.seconds);
  const log = Math.max(...seconds) > 8 * Math.min(...seconds);
  const times = log ? roomyLogDomain(seconds) : positiveDomain(seconds);
  const heights = positiveDomain(points.flatMap(({ low, high }) => [low, high]));
  const x = {
    field: 'seconds',
    type: 'quantitative',
    scale: { domain: times, nice: false, zero: false, ...(log ? { type: 'log' } : {}) },
    axis: { title: label('figures.seconds'), grid: true, tickCount: 6 },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { domain: heights, nice: false, zero: false },
    axis: { title, grid: true },
  });
  const values = points.map((point) => ({
    ...point,
    front: best.has(point.arm),
    told: `${point.arm}: ${numberText(point.value, styleOf(metric))}, ${numberText(point.seconds, styleOf('timing.'))} s`,
  }));
  const colour = { condition: { test: 'datum.front', value: '#d55e00' }, value: '#0072b2' };
  const scaled = (time: number): number => (log ? Math.log(time) : time);
  const right = pixels([scaled(times[0]), scaled(times[1])], WIDTH);
  const down = pixels([heights[1], heights[0]], HEIGHT);
  const at = (point: { readonly seconds: number; readonly value: number }): Pixel => ({
    x: right(scaled(point.seconds)),
    y: down(point.value),
  });
  // The best are named first.
  const ordered = [...values]
    .sort((a, b) => Number(b.front) - Number(a.front))
    .map((point) => ({
      point,
      lines: points.length <= MOST_NAMES || point.front ? linesOf(point.arm, NAME_LETTERS) : [],
    }));
  const places = placeNames(
    ordered.map(({ point, lines }) => ({ ...at(point), low: down(point.low), high: down(point.high), lines })),
    front.map(at),
    WIDTH,
  );
  const named = ordered.flatMap(({ point, lines }, n) => {
    const place = places[n]!;
    return place === null ? [] : [{ ...point, ...place, name: lines.join('\n') }];
  });
  return {
    name: 'time',
    title: label('figures.pareto', { metric: title }),
    caption: label('figures.pareto.caption'),
    spec: {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: front },
          mark: { type: 'line', interpolate: 'step-after', color: MUTED, strokeDash: [4, 3], aria: false },
          encoding: { x, y: y('value') },
        },
        {
          data: { values },
          mark: { type: 'rule', opacity: 0.5, aria: false },
          encoding: { x, y: y('low'), y2: { field: 'high' }, color: colour },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: {
            description: TOLD,
            x,
            y: y('value'),
            color: colour,
            shape: { condition: { test: 'datum.front', value: 'diamond' }, value: 'circle' },
          },
        },
        {
          data: { values: named },
          mark: {
            type: 'text',
            align: { expr: 'datum.align' },
            dx: { expr: 'datum.dx' },
            dy: { expr: 'datum.dy' },
            lineBreak: '\n',
            lineHeight: LINE_HEIGHT,
            limit: 320,
            aria: false,
          },
          encoding: { x, y: y('value'), text: { field: 'name', type: 'nominal' } },
        },
      ],
    },
  };
}

/** Ends a little beyond the least and the largest of positive values, on a logarithmic scale. */
function roomyLogDomain(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high / low) ** 0.06;
  return [low / room, high * room];
}

/** Goes below zero where a value does. */
function positiveDomain(values: readonly number[]): readonly [number, number] {
  const [low, high] = roomyDomain(values, 1 / 20);
  return [Math.min(...values) < 0 ? low : Math.max(0, low), high];
}

/** What turns a value into a pixel of an axis of this length. */
function pixels([low, high]: readonly [number, number], length: number): (value: number) => number {
  return (value) => ((value - low) / (high - low)) * length;
}

interface Candidate {
  readonly arm: string;
  readonly seconds: number;
  readonly gain: number;
  readonly value: number;
}

/** From the fastest on, each that is better than all before it. */
function frontier(points: readonly Candidate[]): readonly Candidate[] {
  const sorted = [...points].sort((a, b) => a.seconds - b.seconds || b.gain - a.gain);
  let best = Number.NEGATIVE_INFINITY;
  return sorted.filter(({ gain }) => {
    if (gain <= best) return false;
    best = gain;
    return true;
  });
}
