import type { Labels } from '../labels.js';
import { metricTitle } from '../markdown/metric-name.js';
import { numberText, styleOf } from '../markdown/number-text.js';
import { lowerIsBetter, mainMetric } from '../metrics.js';
import type { ReportArm } from '../report-data.js';
import type { Figure, FigureContext, Spec } from './figure.js';
import { MOST_SERIES, type SeriesEncodings, SHAPES, seriesEncodings, TOLD } from './style.js';

/** With more points than this, markers hide the lines. */
const MOST_MARKERS = 12;

/** The main metric and the loss over epochs, training beside evaluation, a band of one standard deviation over seeds. */
export function learningCurves(context: FigureContext): Figure | null {
  const { data, label, names } = context;
  const metric = mainMetric(data.arms);
  if (metric === null) return null;
  const trained = data.arms.filter(({ epochs }) => epochs.length > 1);
  const arms = bestArms(trained, metric);
  const panels = panelsOf(metric).filter((name) =>
    arms.some(({ epochs }) => epochs.some(({ metrics }) => name in metrics)),
  );
  if (panels.length === 0) return null;
  const series = arms.map(({ id }) => names.plain(id));
  const points = new Map(panels.map((name) => [name, arms.map((arm) => pointsOf(arm, name))]));
  const epochsOf = (name: string) => new Set(points.get(name)!.flatMap((line) => line.map(({ epoch }) => epoch)));
  const all = panels.flatMap((name) => [...epochsOf(name)]);
  const dense = panels.filter((name) => epochsOf(name).size > MOST_MARKERS);
  const shown = trained.length > arms.length ? label('figures.best', { shown: arms.length, all: trained.length }) : '';
  return {
    name: 'learning-curves',
    title: label('figures.curves'),
    caption: [label('figures.curves.caption'), shown]
      .filter((text) => text !== '')
      .join(label.language === 'zh' ? '' : ' '),
    spec: {
      concat: panels.map((name) =>
        panel(name, {
          lines: points.get(name)!.map((line, i) => ({ arm: series[i]!, points: line })),
          label,
          // Panels show the same epochs, though not all may have been evaluated.
          epochs: [Math.min(...all), Math.max(...all)],
          markers: !dense.includes(name),
          // Panels share a legend, and where one is without markers only the dashes are in all.
          encodings: seriesEncodings(series, { markers: dense.length === 0 }),
        }),
      ),
      columns: 2,
      resolve: { scale: { color: 'shared', strokeDash: 'shared', shape: 'shared' } },
    },
  };
}

/** The arms that can be told apart in one chart, in the plan's order: all, or else the best. */
function bestArms(arms: readonly ReportArm[], metric: string): readonly ReportArm[] {
  if (arms.length <= MOST_SERIES) return arms;
  const sign = lowerIsBetter(metric) ? 1 : -1;
  const rank = (arm: ReportArm): number => sign * (arm.metrics[metric]?.mean ?? Number.NaN);
  const kept = new Set(
    [...arms]
      .filter((arm) => Number.isFinite(rank(arm)))
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, MOST_SERIES),
  );
  return arms.filter((arm) => kept.has(arm));
}

/** A language model's loss is its perplexity told otherwise. */
function panelsOf(metric: string): readonly string[] {
  const [split = '', figure = ''] = metric.split('.');
  const figures = ['perplexity', 'loss', 'bits_per_character'].includes(figure) ? [figure] : [figure, 'loss'];
  const splits = split === 'train' ? ['train'] : ['train', split];
  return figures.flatMap((name) => splits.map((part) => `${part}.${name}`));
}

interface Panel {
  readonly lines: readonly { readonly arm: string; readonly points: readonly Point[] }[];
  readonly label: Labels;
  readonly epochs: readonly [first: number, last: number];
  readonly markers: boolean;
  readonly encodings: SeriesEncodings;
}

function panel(metric: string, { lines, label, epochs, markers, encodings }: Panel): Spec {
  const values = lines.flatMap(({ arm, points }, i) =>
    points.map((point) => ({
      arm,
      shape: SHAPES[i],
      ...point,
      told: `${arm}, ${label('epoch')} ${point.epoch}: ${numberText(point.mean, styleOf(metric))}`,
    })),
  );
  const log = metric.endsWith('.perplexity') && spansDecades(values);
  const scale = log ? { type: 'log', nice: false } : { zero: false };
  const x = {
    field: 'epoch',
    type: 'quantitative',
    scale: { domain: epochs, nice: false },
    axis: { title: label('epoch'), tickMinStep: 1, grid: false, format: 'd' },
  };
  const y = { field: 'mean', type: 'quantitative', scale, axis: { title: null, tickCount: 6 } };
  const { color, strokeDash, shape } = encodings;
  return {
    title: metricTitle(metric, label),
    width: 300,
    height: 200,
    data: { values },
    layer: [
      {
        mark: { type: 'area', opacity: 0.15, aria: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      { mark: { type: 'line', strokeWidth: 1.8, aria: false }, encoding: { x, y, color, strokeDash } },
      ...(markers
        ? [
            {
              mark: { type: 'point', filled: true, size: 36, opacity: 1 },
              encoding: { x, y, color, shape, description: TOLD },
            },
          ]
        : []),
    ],
  };
}

interface Point {
  readonly epoch: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function pointsOf({ epochs }: ReportArm, metric: string): readonly Point[] {
  return epochs
    .filter(({ metrics }) => metrics[metric]?.mean != null)
    .map(({ epoch, metrics }) => {
      const { mean, std } = metrics[metric]!;
      const reach = std ?? 0;
      // A band below nothing cannot be drawn on a logarithmic axis.
      const low = metric.endsWith('.perplexity') ? Math.max(mean! - reach, mean! / 10) : mean! - reach;
      return { epoch, mean: mean!, low, high: mean! + reach };
    });
}

function spansDecades(points: readonly Point[]): boolean {
  const means = points.map(({ mean }) => mean);
  return Math.max(...means) > 5 * Math.min(...means) && Math.min(...means) > 0;
}
