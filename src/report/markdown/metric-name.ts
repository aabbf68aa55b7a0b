import type { Labels } from '../labels.js';

/** `test accuracy`, `测试集准确率`, `train (s)`: a metric with its split, as plain text. */
export function metricName(metric: string, label: Labels): string {
  const [split = '', figure = ''] = metric.split('.');
  if (split === 'timing') return label.named(figure);
  return `${label.named(split)}${label.language === 'zh' ? '' : ' '}${label.named(figure)}`;
}

/** The same with a capital letter, to begin a sentence with. */
export function metricTitle(metric: string, label: Labels): string {
  const name = metricName(metric, label);
  return `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
}
