import type { Spec } from './figure.js';
import { PAPER, TOLD } from './style.js';

export interface ShadedCells {
  /** Fields of the columns and rows, their names in order, and the titles of both. */
  readonly x: Axis;
  readonly y: Axis;
  readonly color: Spec;
  /** The field that is written in the cells, and how. */
  readonly text: { readonly field: string; readonly format: string };
  /** An expression that is true where the shade is dark, so that the text must be light. */
  readonly dark: string;
}

interface Axis {
  readonly field: string;
  readonly sort: readonly string[];
  readonly title: string;
}

/** The layers of a table of shaded cells with their values written in them, columns named above. */
export function shadedCells({ x, y, color, text, dark }: ShadedCells): readonly Spec[] {
  const axis = { domain: false, ticks: false };
  const position = {
    x: {
      field: x.field,
      type: 'nominal',
      sort: x.sort,
      axis: { title: x.title, orient: 'top', labelAngle: 0, ...axis },
    },
    y: { field: y.field, type: 'nominal', sort: y.sort, axis: { title: y.title, ...axis } },
  };
  return [
    {
      mark: { type: 'rect', stroke: PAPER, strokeWidth: 2 },
      encoding: { description: TOLD, ...position, color: { type: 'quantitative', ...color } },
    },
    {
      mark: { type: 'text', fontSize: 12, aria: false },
      encoding: {
        ...position,
        text: { type: 'quantitative', ...text },
        color: { condition: { test: dark, value: '#fdfdfd' }, value: '#0b0d10' },
      },
    },
  ];
}
