import { metricTitle } from '../markdown/metric-name.js';
import { numberText, styleOf } from '../markdown/number-text.js';
import { lowerIsBetter, mainMetric } from '../metrics.js';
import type { Figure, FigureContext } from './figure.js';
import { linesOf, MUTED, TOLD } from './style.js';

const MOST_ARMS = 500;
const MOST_NAMES = 14;

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
  const times = points.map(({ seconds }) => seconds);
  const log = Math.max(...times) > 8 * Math.min(...times);
  const x = {
    field: 'seconds',
    type: 'quantitative',
    scale: log ? { type: 'log', nice: true } : { zero: false },
    axis: { title: label('figures.seconds'), grid: true, tickCount: 6 },
  };
  const y = (field: string) => ({ field, type: 'quantitative', scale: { zero: false }, axis: { title, grid: true } });
  const values = points.map((point) => ({
    ...point,
    front: best.has(point.arm),
    name: linesOf(point.arm, NAME_LETTERS).join('\n'),
    lines: linesOf(point.arm, NAME_LETTERS).length,
    told: `${point.arm}: ${numberText(point.value, styleOf(metric))}, ${numberText(point.seconds, styleOf('timing.'))} s`,
  }));
  const colour = { condition: { test: 'datum.front', value: '#d55e00' }, value: '#0072b2' };
  const named = apart(points.length <= MOST_NAMES ? values : values.filter((point) => point.front), log);
  return {
    name: 'time',
    title: label('figures.pareto', { metric: title }),
    caption: label('figures.pareto.caption'),
    spec: {
      width: 520,
      height: 300,
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
            align: 'left',
            dx: 8,
            // Above its point, however many lines it has.
            dy: named.some(({ lines }) => lines > 1) ? { expr: '-7 - 13 * (datum.lines - 1)' } : -7,
            lineBreak: '\n',
            limit: 320,
            aria: false,
          },
          encoding: { x, y: y('value'), text: { field: 'name', type: 'nominal' } },
        },
      ],
    },
  };
}

/** As many as can be named without one name lying on another, the best first. */
function apart<P extends NamedPoint>(points: readonly P[], log: boolean): readonly P[] {
  const x = ({ seconds }: P): number => (log ? Math.log(seconds) : seconds);
  const span = (of: (point: P) => number): number => Math.max(...points.map(of)) - Math.min(...points.map(of)) || 1;
  const [width, height] = [span(x), span(({ value }) => value)];
  const kept: P[] = [];
  for (const point of [...points].sort((a, b) => Number(b.front) - Number(a.front))) {
    const near = kept.some(
      (other) =>
        Math.abs(x(other) - x(point)) < NAME_WIDTH * width &&
        Math.abs(other.value - point.value) < NAME_HEIGHT * height * Math.max(other.lines, point.lines),
    );
    if (!near) kept.push(point);
  }
  return kept;
}

interface NamedPoint {
  readonly seconds: number;
  readonly value: number;
  readonly front: boolean;
  /** Of its name. */
  readonly lines: number;
}

/** Of a line of a name; its size is told in shares of the figure. */
const NAME_LETTERS = 36;
const NAME_WIDTH = 0.3;
const NAME_HEIGHT = 0.07;

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
