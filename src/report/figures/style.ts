import { displayWidth } from '../markdown/table.js';
import type { Spec } from './figure.js';

/** Text and lines; HTML reports turn these into the colours of their theme, so figures use no other. */
export const INK = '#1b1f24';
export const MUTED = '#6b7280';
const GRID = '#e5e7eb';
export const PAPER = '#ffffff';

/** Okabe and Ito's colours, told apart by the colour-blind, without the yellow that white paper swallows. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#4d4d4d', '#8c510a'];

/** Told apart without colour: each series has a dash and a shape of its own. */
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
  [10, 4],
  [1, 3],
  [6, 2, 1, 2, 1, 2],
];
export const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
];

/** More series than this cannot be told apart in one chart. */
export const MOST_SERIES = COLOURS.length;

/** From light to dark, so that it reads the same in grey; dark is more. */
export const SHADES = ['#f3f7fb', '#c6dbef', '#85bcdb', '#3787c0', '#0f4c92', '#08306b'];

export interface SeriesEncodings {
  readonly color: Spec;
  readonly strokeDash: Spec;
  readonly shape: Spec;
}

/**
 * Encodings that give each of the named series its colour, dash and shape (in the field `shape`, as SHAPES has them); the
 * legend shows shapes or else dashes.
 */
export function seriesEncodings(
  series: readonly string[],
  { markers }: { readonly markers: boolean },
): SeriesEncodings {
  const sort = [...series];
  const symbols = markers
    ? { symbolSize: 90, symbolStrokeWidth: 0 }
    : { symbolType: 'stroke', symbolSize: 600, symbolStrokeWidth: 2, symbolFillColor: 'transparent' };
  const longest = Math.max(...sort.map(displayWidth));
  const columns = longest > LINE ? 1 : longest > LONG_NAME ? 2 : 4;
  const lines =
    longest > LINE
      ? linesIn(
          sort,
          sort.map((name) => linesOf(name, 2 * LINE)),
        )
      : {};
  const legend =
    sort.length > 1 ? { title: null, orient: 'bottom', columns, symbolOpacity: 1, ...symbols, ...lines } : null;
  const channel = (range: readonly unknown[], shown: boolean): Spec => ({
    field: 'arm',
    type: 'nominal',
    sort,
    scale: { domain: sort, range: range.slice(0, sort.length) },
    legend: shown ? legend : null,
  });
  return {
    color: channel(COLOURS, true),
    strokeDash: channel(DASHES, !markers),
    // By a scale it would join the legend, which merges all scales of one domain, even those that want none.
    shape: markers ? channel(SHAPES, true) : { field: 'shape', type: 'nominal', scale: null },
  };
}

/** Of which not four stand side by side under two panels. */
const LONG_NAME = 24;
/** Of names of arms, in pixels: widths are taken to be larger than they are. */
const LABEL_LIMIT = 440;

/** More letters than this of a row's name go on in the next line; wide ones count twice. */
const LINE = 48;

/** The axis and the height of a figure with a row for each of these names; long names take several lines. */
export function namedRows(
  field: string,
  names: readonly string[],
  { row, grid = false }: { readonly row: number; readonly grid?: boolean },
): { readonly y: Spec; readonly height: Spec } {
  const lines = names.map((name) => linesOf(name, LINE));
  const most = Math.max(1, ...lines.map(({ length }) => length));
  const lineHeight = 13;
  const several = {
    ...linesIn(names, lines),
    labelLineHeight: lineHeight,
    // The first of several lines would stand at the row's middle.
    labelOffset: {
      condition: Array.from({ length: most - 1 }, (_, i) => ({
        test: `length(${linesExpression(names, lines)}) === ${i + 2}`,
        value: (-(i + 1) * lineHeight) / 2,
      })),
      value: 0,
    },
  };
  const axis = { title: null, grid, ...(most > 1 ? several : {}) };
  return {
    y: { field, type: 'nominal', sort: names, axis },
    height: { step: Math.max(row, 14 * most + 8) },
  };
}

/** What shows names of an axis or a legend in lines. */
function linesIn(names: readonly string[], lines: readonly (readonly string[])[]): Spec {
  return { labelExpr: linesExpression(names, lines), labelLimit: 0 };
}

function linesExpression(names: readonly string[], lines: readonly (readonly string[])[]): string {
  return `${JSON.stringify(lines)}[indexof(${JSON.stringify(names)}, datum.value)]`;
}

/** A name in lines of about equal length, broken after blanks and commas; no longer than asked for where a word is not. */
export function linesOf(name: string, longest: number): readonly string[] {
  const width = displayWidth(name);
  const count = Math.ceil(width / longest);
  const lines = [''];
  for (const word of name.split(/(?<=[ ,、，])/)) {
    const last = lines.at(-1)!;
    if (count > 1 && last !== '' && displayWidth(last + word) > Math.min(longest, width / count + 8)) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines.map((line) => line.trim());
}

/** What a mark says to those who cannot see it, and to those who point at it: the field `told` of its data. */
export const TOLD: Spec = { field: 'told', type: 'nominal' };

const FONT =
  "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/** The look of every figure. */
export const CONFIG: Spec = {
  background: PAPER,
  font: FONT,
  padding: 8,
  axis: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    gridColor: GRID,
    domainColor: MUTED,
    tickColor: MUTED,
    labelLimit: LABEL_LIMIT,
    // Labels that are moved in at the ends of an axis meet their neighbours, and every second one is left out.
    labelFlush: false,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelLimit: LABEL_LIMIT,
  },
  title: { color: INK, fontSize: 13, fontWeight: 'bold', anchor: 'start' },
  header: { labelColor: INK, titleColor: INK, labelFontSize: 12 },
  text: { color: INK, fontSize: 11 },
  view: { stroke: null },
};
