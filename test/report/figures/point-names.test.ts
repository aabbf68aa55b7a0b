import { describe, expect, test } from 'vitest';
import { type NamedPoint, placeNames } from '../../../src/report/figures/point-names.js';

const WIDTH = 520;

function point(x: number, y: number, name = 'arm', range = 0): NamedPoint {
  return { x, y, low: y + range, high: y - range, lines: name === '' ? [] : name.split('\n') };
}

describe('the names of points', () => {
  test('stand above on the right where nothing is', () => {
    expect(placeNames([point(100, 100)], [], WIDTH)).toEqual([{ align: 'left', dx: 8, dy: -7 }]);
  });

  test('leave other points free, named or not', () => {
    const places = placeNames([point(100, 100, 'a long name'), point(130, 94, '')], [], WIDTH);
    expect(places).toEqual([{ align: 'right', dx: -8, dy: -7 }, null]);
  });

  test('stand in the middle above where both sides are taken', () => {
    const sides = [85, 115].map((x) => point(x, 100, ''));
    expect(placeNames([point(100, 100, 'a long name'), ...sides], [], WIDTH)[0]).toEqual({
      align: 'center',
      dx: 0,
      dy: -13,
    });
  });

  test('leave other names free', () => {
    const places = placeNames([point(100, 100, 'a long name'), point(90, 80, 'a long name')], [], WIDTH);
    expect(places).toEqual([
      { align: 'left', dx: 8, dy: -7 },
      { align: 'left', dx: 8, dy: -7 },
    ]);
    expect(placeNames([point(100, 100, 'a long name'), point(90, 90, 'a long name')], [], WIDTH)[1]).toEqual({
      align: 'right',
      dx: -8,
      dy: -7,
    });
  });

  test('are left out where each place is taken', () => {
    const around = [-13, 0, 13].flatMap((dy) => [-20, 0, 20].map((dx) => point(100 + dx, 100 + dy, '')));
    expect(placeNames([point(100, 100, 'a long name'), ...around], [], WIDTH)[0]).toBeNull();
  });

  test('keep off ranges of error where they can', () => {
    expect(placeNames([point(100, 100), point(115, 40, '', 80)], [], WIDTH)[0]).toEqual({
      align: 'right',
      dx: -8,
      dy: -7,
    });
    const between = [point(100, 100), ...[85, 100, 115].map((x) => point(x, 40, '', 80))];
    expect(placeNames(between, [], WIDTH)[0]).toEqual({ align: 'left', dx: 8, dy: -7 });
  });

  test('keep off the steps of the front where they can', () => {
    const [near, far] = [point(100, 100), point(200, 40)];
    expect(placeNames([near, far], [near, far], WIDTH)).toEqual([
      { align: 'right', dx: -8, dy: -7 },
      { align: 'left', dx: 8, dy: -7 },
    ]);
  });

  test('stand on the left of points at the right end, and out of the plot where the left is taken', () => {
    const end = point(510, 100, 'a long name');
    expect(placeNames([end], [], WIDTH)).toEqual([{ align: 'right', dx: -8, dy: -7 }]);
    const taken = [end, point(480, 94, ''), point(480, 107, '')];
    expect(placeNames(taken, [], WIDTH)[0]).toEqual({ align: 'left', dx: 8, dy: -7 });
  });

  test('never begin left of the plot', () => {
    expect(placeNames([point(4, 100, 'a long name'), point(40, 94, '')], [], WIDTH)[0]).toEqual({
      align: 'left',
      dx: 8,
      dy: 9,
    });
  });

  test('of several lines end above their point', () => {
    expect(placeNames([point(100, 100, 'one\ntwo\nthree')], [], WIDTH)[0]).toEqual({ align: 'left', dx: 8, dy: -33 });
  });
});
