import { displayWidth } from '../markdown/table.js';

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** A point in pixels from the upper left corner of the plot, its range of error, and its name in lines, none for no name. */
export interface NamedPoint extends Pixel {
  readonly low: number;
  readonly high: number;
  readonly lines: readonly string[];
}

/** Where a name stands beside its point: `dy` is that of the middle of its first line. */
export interface NamePlace {
  readonly align: 'left' | 'center' | 'right';
  readonly dx: number;
  readonly dy: number;
}

export const LINE_HEIGHT = 13;
/** Of a letter of the figures' text, rather too wide than too narrow. */
const LETTER_WIDTH = 6.2;
const MARKER = 5;
const GAP = 8;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * A place for each name, the first ones first: at its point where it lies on no other point, no other name
 * and, where that can be had, on no range of error and no step of the line through `front`. Null where it has none. A
 * name may stand out of the plot on the right, where nothing is.
 */
export function placeNames(
  points: readonly NamedPoint[],
  front: readonly Pixel[],
  width: number,
): readonly (NamePlace | null)[] {
  const markers = points.map(({ x, y }) => around(x, y, MARKER, MARKER));
  const ranges = points.map(({ x, low, high }) => around(x, (low + high) / 2, 1, Math.abs(high - low) / 2));
  const steps = stepsThrough(front);
  const names: Box[] = [];
  return points.map((point, own) => {
    if (point.lines.length === 0) return null;
    const isFree = (box: Box, taken: readonly Box[]): boolean => taken.every((other) => !meet(box, other));
    const others = (boxes: readonly Box[]): readonly Box[] => boxes.filter((_, n) => n !== own);
    const drawn = [...others(ranges), ...steps];
    const places = placesAt(point)
      .map((place) => ({ place, box: boxOf(point, place) }))
      .filter(({ box }) => box.left >= 0 && isFree(box, [...names, ...others(markers)]));
    const chosen =
      places.find(({ box }) => box.right <= width && isFree(box, drawn)) ??
      places.find(({ box }) => isFree(box, drawn)) ??
      places[0];
    if (chosen === undefined) return null;
    names.push(chosen.box);
    return chosen.place;
  });
}

/** Level from each point on to below or above the next one, then there. */
function stepsThrough(front: readonly Pixel[]): readonly Box[] {
  return front.slice(1).flatMap(({ x, y }, n) => {
    const from = front[n]!;
    return [
      around((from.x + x) / 2, from.y, Math.abs(x - from.x) / 2, 1),
      around(x, (from.y + y) / 2, 1, Math.abs(y - from.y) / 2),
    ];
  });
}

/** At the corners, and above and below. */
function placesAt({ lines }: NamedPoint): readonly NamePlace[] {
  const more = LINE_HEIGHT * (lines.length - 1);
  return [
    { align: 'left', dx: GAP, dy: -7 - more },
    { align: 'right', dx: -GAP, dy: -7 - more },
    { align: 'left', dx: GAP, dy: 9 },
    { align: 'right', dx: -GAP, dy: 9 },
    { align: 'center', dx: 0, dy: -13 - more },
    { align: 'center', dx: 0, dy: 14 },
  ];
}

function boxOf({ x, y, lines }: NamedPoint, { align, dx, dy }: NamePlace): Box {
  const width = LETTER_WIDTH * Math.max(...lines.map(displayWidth));
  const left = x + dx - width * { left: 0, center: 0.5, right: 1 }[align];
  const top = y + dy - LINE_HEIGHT / 2;
  return { left, right: left + width, top, bottom: top + LINE_HEIGHT * lines.length };
}

function around(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
