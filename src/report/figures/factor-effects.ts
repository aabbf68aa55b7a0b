import type { Labels } from '../labels.js';
import { metricName, metricTitle } from '../markdown/metric-name.js';
import { type NumberStyle, signedText, styleOf } from '../markdown/number-text.js';
import { lowerIsBetter } from '../metrics.js';
import type { Summary } from '../report-data.js';
import { roomyDomain, TICKS } from './domain.js';
import type { Figure, FigureContext, Spec } from './figure.js';
import { INK, namedRows, PAPER, TOLD } from './style.js';

/** What each factor of an ablation changes, around zero; steps of a `cumulative` one have a figure of their own. */
export function factorEffects({ data: { ablation }, label }: FigureContext): Figure | null {
  if (ablation === null || ablation.mode === 'cumulative') return null;
  const { metric, mode } = ablation;
  const style = styleOf(metric);
  const values = ablation.effects.flatMap(({ factors, summary, told_apart }) => {
    const { mean, interval } = summary;
    if (mean === null) return [];
    const factor = factors.join(' × ');
    return [
      {
        factor,
        mean,
        low: interval?.[0] ?? null,
        high: interval?.[1] ?? null,
        apart: told_apart,
        told: `${factor}: ${differenceText(summary, style, label)}`,
      },
    ];
  });
  if (values.length === 0) return null;
  const title = metricTitle(metric, label);
  const factors = values.map(({ factor }) => factor);
  const { y, height } = namedRows('factor', factors, { row: 26 });
  const axis = {
    title: label('figures.effects.axis', { metric: metricName(metric, label) }),
    grid: true,
    tickCount: TICKS,
  };
  const domain = roomyDomain([0, ...values.flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean])]);
  const x = (field: string): Spec => ({ field, type: 'quantitative', scale: { domain, nice: false }, axis });
  const intervals = values.filter(({ low }) => low !== null);
  return {
    name: 'effects',
    title: label('figures.effects', { metric: title }),
    caption: [
      label(`ablation.${mode}`, { metric: title }),
      label(intervals.length === 0 ? 'figures.effects.single' : 'figures.effects.caption'),
      ...(lowerIsBetter(metric) ? [label('figures.lower')] : []),
    ].join(label.language === 'zh' ? '' : ' '),
    spec: {
      width: 460,
      height,
      layer: [
        { data: { values: [{}] }, mark: { type: 'rule', color: INK, aria: false }, encoding: { x: { datum: 0 } } },
        {
          data: { values: intervals },
          mark: { type: 'bar', height: 10, color: '#0072b2', opacity: 0.3 },
          encoding: { x: x('low'), x2: { field: 'high' }, y, description: TOLD },
        },
        {
          data: { values },
          mark: { type: 'point', shape: 'circle', size: 70, stroke: '#0072b2', strokeWidth: 1.8, opacity: 1 },
          encoding: {
            x: x('mean'),
            y,
            fill: { condition: { test: 'datum.apart', value: '#0072b2' }, value: PAPER },
            description: TOLD,
          },
        },
      ],
    },
  };
}

/** `+0.0123 (95 % interval −0.0011 … +0.0257)`; without the interval where there is none. */
export function differenceText({ mean, interval }: Summary, style: NumberStyle, label: Labels): string {
  const difference = mean === null ? '' : signedText(mean, style);
  if (interval === null) return difference;
  return label('figures.difference', {
    difference,
    interval: interval.map((end) => signedText(end, style)).join(' … '),
  });
}
