import type { Ablation } from '../ablation/effects.js';
import type { Labels } from '../labels.js';
import { metricTitle } from '../markdown/metric-name.js';
import { numberText, signedText, styleOf, summaryText } from '../markdown/number-text.js';
import { lowerIsBetter } from '../metrics.js';
import { roomyDomain, TICKS } from './domain.js';
import { differenceText } from './factor-effects.js';
import type { Figure, FigureContext, Spec } from './figure.js';
import { INK, MUTED, namedRows, PAPER, TOLD } from './style.js';

/** Told apart by shade and outline, so that they are in grey too. */
const LOOKS = {
  base: { fill: MUTED, fillOpacity: 0.45, stroke: MUTED },
  rise: { fill: '#0072b2', stroke: '#0072b2' },
  fall: { fill: '#d55e00', fillOpacity: 0.15, stroke: '#d55e00', strokeDash: [4, 2] },
} as const;

/** The main metric as the factors of a `cumulative` ablation are added: each bar starts where the one before ended. */
export function waterfall({ data: { ablation }, label }: FigureContext): Figure | null {
  if (ablation?.mode !== 'cumulative') return null;
  const bars = barsOf(ablation, label);
  if (bars.length < 2) return null;
  const title = metricTitle(ablation.metric, label);
  const steps = bars.map(({ step }) => step);
  const { y, height } = namedRows('step', steps, { row: 30 });
  const ends = bars.flatMap(({ to, low, high }) => [to, low ?? to, high ?? to]);
  const [left, right] = roomyDomain(ends);
  const domain = [ends.every((end) => end >= 0) ? Math.max(0, left) : left, right];
  const scale = { domain, zero: false, nice: false };
  const axis = { title, grid: true, tickCount: TICKS };
  const x = (field: string): Spec => ({ field, type: 'quantitative', scale, axis });
  const whiskers = bars.filter(({ low }) => low !== null);
  const joints = bars.slice(1).map(({ step }, i) => ({ step: bars[i]!.step, next: step, to: bars[i]!.to }));
  return {
    name: 'waterfall',
    title: label('figures.waterfall', { metric: title }),
    caption: [
      label('figures.waterfall.caption'),
      ...(whiskers.length === 0 ? [] : [label('figures.waterfall.whiskers')]),
      ...(lowerIsBetter(ablation.metric) ? [label('figures.lower')] : []),
    ].join(label.language === 'zh' ? '' : ' '),
    spec: {
      width: 460,
      height,
      layer: [
        {
          data: { values: joints },
          mark: { type: 'rule', color: MUTED, strokeDash: [2, 2], aria: false },
          encoding: { x: x('to'), y, y2: { field: 'next' } },
        },
        ...Object.entries(LOOKS).map(([kind, look]) => ({
          // Bars that follow none begin where the axis does.
          data: {
            values: bars.filter((bar) => bar.kind === kind).map((bar) => ({ ...bar, from: bar.from ?? domain[0] })),
          },
          mark: { type: 'bar', height: 16, strokeWidth: 1.5, ...look },
          encoding: { x: x('from'), x2: { field: 'to' }, y, description: TOLD },
        })),
        // Twice: once as paper around the line, which dark bars would hide.
        ...[
          { color: PAPER, thickness: 4, size: 11 },
          { color: INK, thickness: 1.5, size: 9 },
        ].flatMap(({ color, thickness, size }) => [
          {
            data: { values: whiskers },
            mark: { type: 'rule', color, strokeWidth: thickness },
            // Whiskers lie over the middle of their bars, where one points.
            encoding: { x: x('low'), x2: { field: 'high' }, y, description: TOLD },
          },
          ...['low', 'high'].map((end) => ({
            data: { values: whiskers },
            mark: { type: 'tick', color, thickness, size, opacity: 1, aria: false },
            encoding: { x: x(end), y },
          })),
        ]),
        {
          data: { values: bars },
          mark: { type: 'text', align: 'left', dx: 10, aria: false },
          encoding: { x: { value: 'width' }, y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  };
}

interface Bar {
  readonly step: string;
  readonly kind: keyof typeof LOOKS;
  readonly from: number | null;
  readonly to: number;
  /** Ends of the interval of the difference, as seen from `from`. */
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string;
  readonly told: string;
}

/** A step whose step before was not measured stands alone, as the base does. */
function barsOf({ metric, steps, effects }: Ablation, label: Labels): readonly Bar[] {
  const style = styleOf(metric);
  return steps.flatMap(({ factors, summary }, i): readonly Bar[] => {
    if (summary.mean === null) return [];
    const added = factors.at(-1);
    const step = added === undefined ? label('ablation.base') : `+ ${added}`;
    const reached = `${step}: ${summaryText(summary, style)}`;
    const from = steps[i - 1]?.summary.mean ?? null;
    const effect = effects.find((one) => one.factors[0] === added)?.summary;
    if (from === null || effect?.mean == null) {
      const text = numberText(summary.mean, style);
      return [{ step, kind: 'base', from: null, to: summary.mean, low: null, high: null, text, told: reached }];
    }
    return [
      {
        step,
        kind: summary.mean < from ? 'fall' : 'rise',
        from,
        to: summary.mean,
        low: effect.interval === null ? null : from + effect.interval[0],
        high: effect.interval === null ? null : from + effect.interval[1],
        text: signedText(effect.mean, style),
        told: `${reached}; ${differenceText(effect, style, label)}`,
      },
    ];
  });
}
