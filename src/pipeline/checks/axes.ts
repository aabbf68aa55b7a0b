import { type Path, pathText } from '../path.js';
import type { Problem } from '../problem.js';
import { mapping, members } from './plain-data.js';

/** A key that an operator of a sweep sets. */
export interface Axis {
  readonly key: string;
  /** The operator that sets the key; within one, a key may be set in several variants. */
  readonly operator: string;
  readonly path: Path;
}

/** The axes of one part of a sweep. */
export function nodeAxes(node: unknown, path: Path): readonly Axis[] {
  const { grid, zip, list, random, ablate } = mapping(node);
  return [
    ...axesOf(grid, [...path, 'grid']),
    ...axesOf(zip, [...path, 'zip']),
    ...axesOf(mapping(random).space, [...path, 'random', 'space']),
    ...variantAxes(list, [...path, 'list']),
    ...ablationAxes(ablate, [...path, 'ablate']),
  ];
}

/** The axes of a part of a sweep and of all parts within it. */
export function allAxes(node: unknown, path: Path): readonly Axis[] {
  const inner = members(mapping(node).union).flatMap((part, index) => allAxes(part, [...path, 'union', index]));
  return [...nodeAxes(node, path), ...inner];
}

/** Two axes for one key, or for a key and a key within it: which of the two would win? */
export function repeatedAxes(outer: readonly Axis[], axes: readonly Axis[]): readonly Problem[] {
  // Of the many variants of a list, most set the same keys.
  const different = new Map(outer.map((axis) => [nameOf(axis), axis]));
  return axes.flatMap((axis) => {
    const other = [...different.values()].find(
      ({ key, operator }) =>
        overlap(key, axis.key) && (operator !== axis.operator || operator.endsWith('grid') || operator.endsWith('zip')),
    );
    const name = nameOf(axis);
    if (!different.has(name)) different.set(name, axis);
    if (other === undefined) return [];
    const message =
      other.key === axis.key
        ? `two axes set \`${axis.key}\`; the other stands in \`${other.operator}\``
        : `two axes set \`${axis.key}\`: \`${other.key}\` in \`${other.operator}\` sets it too`;
    return [{ code: 'REPEATED_AXIS', path: axis.path, at: 'key' as const, message, hint: 'Keep one of them.' }];
  });
}

function axesOf(axes: unknown, path: Path): readonly Axis[] {
  return Object.keys(mapping(axes)).map((key) => ({ key, operator: pathText(path), path: [...path, key] }));
}

function variantAxes(list: unknown, path: Path): readonly Axis[] {
  return members(list).flatMap((variant, index) =>
    axesOf(mapping(variant).set, [...path, index, 'set']).map((axis) => ({ ...axis, operator: pathText(path) })),
  );
}

function ablationAxes(ablate: unknown, path: Path): readonly Axis[] {
  const { base, factors } = mapping(ablate);
  const operator = pathText(path);
  return [
    ...axesOf(base, [...path, 'base']),
    ...Object.entries(mapping(factors)).flatMap(([name, settings]) => axesOf(settings, [...path, 'factors', name])),
  ].map((axis) => ({ ...axis, operator }));
}

function nameOf({ operator, key }: Axis): string {
  return `${operator} ${key}`;
}

/** Whether two setting paths set the same: one key, or a key and a key within it. */
export function overlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
