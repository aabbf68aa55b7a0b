import { countText } from '../markdown/number-text.js';
import type { Figure, FigureContext } from './figure.js';
import { shadedCells } from './shaded-cells.js';
import { SHADES } from './style.js';

const MOST_ARMS = 9;
const MOST_CLASSES = 12;

/** Confusion matrices of the split that results are judged on, shaded by the share of the actual class. */
export function confusionMatrices({ data, label, names }: FigureContext): Figure | null {
  const measured = data.arms.flatMap(({ id, classes, same_as }) => {
    const last = classes.at(-1);
    const matrix = last?.confusion_matrix ?? null;
    return last === undefined || matrix === null || same_as !== null ? [] : [{ id, matrix, labels: last.labels }];
  });
  if (measured.length === 0 || measured.length > MOST_ARMS) return null;
  if (measured.some(({ matrix }) => matrix.length > MOST_CLASSES || matrix.length < 2)) return null;
  const panels = measured.map(({ id, matrix, labels }) => {
    const nameOf = (i: number): string => labels[i] ?? String(i);
    const order = matrix.map((_, i) => nameOf(i));
    const values = matrix.flatMap((row, i) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count, j) => ({
        actual: nameOf(i),
        predicted: nameOf(j),
        count,
        told: `${label('figures.actual')} ${nameOf(i)}, ${label('figures.predicted')} ${nameOf(j)}: ${countText(count)}`,
        share: total === 0 ? 0 : count / total,
      }));
    });
    return {
      title: { text: names.plain(id), anchor: 'middle' },
      width: { step: 62 },
      height: { step: 40 },
      data: { values },
      layer: shadedCells({
        x: { field: 'predicted', sort: order, title: label('figures.predicted') },
        y: { field: 'actual', sort: order, title: label('figures.actual') },
        color: {
          field: 'share',
          scale: { domain: [0, 1], range: SHADES },
          legend: { title: label('figures.share'), format: '%', gradientLength: 80, tickCount: 3 },
        },
        text: { field: 'count', format: ',' },
        dark: 'datum.share > 0.55',
      }),
    };
  });
  return {
    name: 'confusion',
    title: label('figures.confusion'),
    caption: label('figures.confusion.caption'),
    spec: { concat: panels, columns: 3, resolve: { scale: { color: 'shared' } } },
  };
}
