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
  const columns = sort.some(({ length }) => length > LONG_NAME) ? 2 : 4;
  const legend = sort.length > 1 ? { title: null, orient: 'bottom', columns, symbolOpacity: 1, ...symbols } : null;
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
