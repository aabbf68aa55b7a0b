import { metricTitle } from '../markdown/metric-name.js';
import { numberText, styleOf, summaryText } from '../markdown/number-text.js';
import { mainMetric } from '../metrics.js';
import type { Figure, FigureContext, Spec } from './figure.js';
import { INK, MUTED, namedRows, PAPER, TOLD } from './style.js';

const MOST_ARMS = 40;

/** The main metric of every arm: a bar of the 95 % interval, the mean, every seed, and published figures. */
export function armIntervals({ data, label, names }: FigureContext): Figure | null {
  const metric = mainMetric(data.arms);
  const arms = metric === null ? [] : data.arms.filter(({ metrics }) => metrics[metric]?.mean != null);
  if (metric === null || arms.length < 2 || arms.length > MOST_ARMS) return null;
  const order = arms.map(({ id }) => names.plain(id));
  const title = metricTitle(metric, label);
  const style = styleOf(metric);
  const { y, height } = namedRows('arm', order, { row: 26, grid: true });
  const scale = { zero: false, nice: true };
  const x = (field: string): Spec => ({ field, type: 'quantitative', scale, axis: { title, grid: true } });
  const means = arms.map(({ id, metrics }) => {
    const { mean, interval, n } = metrics[metric]!;
    return {
      arm: names.plain(id),
      mean,
      low: interval?.[0] ?? mean,
      high: interval?.[1] ?? mean,
      told: `${names.plain(id)}: ${summaryText(metrics[metric], style)}, n = ${n}`,
    };
  });
  const seeds = arms.flatMap(({ id, metrics }) =>
    metrics[metric]!.values.map((value, i) => ({
      arm: names.plain(id),
      value,
      told: label('figures.seed', {
        arm: names.plain(id),
        seed: metrics[metric]!.seeds[i]!,
        value: numberText(value, style),
      }),
    })),
  );
  const theirs = data.references
    .filter((reference) => reference.metric === metric && arms.some(({ id }) => id === reference.arm))
    .map(({ arm, value, source, decimals }) => ({
      arm: names.plain(arm),
      value,
      told: `${names.plain(arm)}, ${source ?? label('reference')}: ${value.toFixed(decimals)}`,
    }));
  return {
    name: 'intervals',
    title: label('figures.intervals', { metric: title }),
    caption: [
      label('figures.intervals.caption'),
      ...(theirs.length === 0 ? [] : [label('figures.intervals.reference')]),
    ].join(label.language === 'zh' ? '' : ' '),
    spec: {
      width: 460,
      height,
      layer: [
        {
          data: { values: means },
          mark: { type: 'bar', height: 10, color: '#0072b2', opacity: 0.3 },
          encoding: { x: x('low'), x2: { field: 'high' }, y, description: TOLD },
        },
        {
          data: { values: seeds },
          mark: { type: 'tick', color: MUTED, thickness: 1.5, size: 12, opacity: 0.8 },
          encoding: { x: x('value'), y, description: TOLD },
        },
        {
          data: { values: means },
          mark: { type: 'point', shape: 'circle', filled: true, size: 70, color: '#0072b2', opacity: 1 },
          encoding: { x: x('mean'), y, description: TOLD },
        },
        ...(theirs.length === 0
          ? []
          : [
              {
                data: { values: theirs },
                mark: {
                  type: 'point',
                  shape: 'diamond',
                  size: 90,
                  fill: PAPER,
                  stroke: INK,
                  strokeWidth: 1.4,
                  opacity: 1,
                },
                encoding: { x: x('value'), y, description: TOLD },
              },
            ]),
      ],
    },
  };
}
