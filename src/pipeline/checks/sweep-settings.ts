import { found } from '../describe.js';
import { type Path, pathText } from '../path.js';
import type { Problem } from '../problem.js';
import { checkAblation } from './ablation.js';
import { type Axis, allAxes, nodeAxes, repeatedAxes } from './axes.js';
import { checkCondition, checkWhen } from './conditions.js';
import { type Mapping, mapping, members } from './plain-data.js';
import { checkSpace } from './random-space.js';
import { checkPath, checkValue } from './setting.js';

/** Checks every path and value that the sweep and the report name against the part of the schema that they name. */
export function checkSweep(pipeline: Mapping): readonly Problem[] {
  const report = mapping(pipeline.report);
  return [
    ...checkNode(pipeline.sweep, ['sweep'], []),
    ...checkSettings(report.baseline, ['report', 'baseline']),
    ...members(report.tables).flatMap((table, index) => [
      ...checkPaths(mapping(table).rows, ['report', 'tables', index, 'rows']),
      ...checkPaths(mapping(table).columns, ['report', 'tables', index, 'columns']),
      ...checkSettings(mapping(table).baseline, ['report', 'tables', index, 'baseline']),
    ]),
    ...members(report.reference).flatMap((reference, index) =>
      checkSettings(mapping(reference).arm, ['report', 'reference', index, 'arm']),
    ),
  ];
}

/** One part of a sweep: its own operators are multiplied, so that no two of them may set the same key. */
function checkNode(node: unknown, path: Path, outer: readonly Axis[]): readonly Problem[] {
  const { grid, zip, list, random, ablate, union, when, exclude } = mapping(node);
  const axes = nodeAxes(node, path);
  return [
    ...checkAxes(grid, [...path, 'grid']),
    ...checkAxes(zip, [...path, 'zip']),
    ...checkZip(zip, [...path, 'zip']),
    ...members(list).flatMap((variant, index) => checkSettings(mapping(variant).set, [...path, 'list', index, 'set'])),
    ...repeatedNames(list, [...path, 'list']),
    ...checkSpace(mapping(random).space, [...path, 'random', 'space']),
    ...checkAblation(ablate, [...path, 'ablate']),
    ...checkSettings(mapping(ablate).base, [...path, 'ablate', 'base']),
    ...Object.entries(mapping(mapping(ablate).factors)).flatMap(([factor, settings]) =>
      checkSettings(settings, [...path, 'ablate', 'factors', factor]),
    ),
    ...checkWhen(when, [...path, 'when'], [...outer, ...allAxes(node, path)]),
    ...members(exclude).flatMap((condition, index) => checkCondition(condition, [...path, 'exclude', index])),
    ...repeatedAxes(outer, axes),
    ...members(union).flatMap((part, index) => checkNode(part, [...path, 'union', index], [...outer, ...axes])),
  ];
}

function checkAxes(axes: unknown, path: Path): readonly Problem[] {
  return Object.entries(mapping(axes)).flatMap(([key, values]) => {
    const unknown = checkPath(key, [...path, key], 'key');
    if (unknown.length > 0) return unknown;
    const seen = new Set<string>();
    return members(values).flatMap((value, index) => {
      const text = JSON.stringify(value);
      const again = seen.has(text);
      seen.add(text);
      const at = [...path, key, index];
      return [...checkValue(key, value, at), ...(again && path.at(-1) !== 'zip' ? [repeatedValue(value, at)] : [])];
    });
  });
}

function repeatedValue(value: unknown, path: Path): Problem {
  const message = `\`${pathText(path.slice(0, -1))}\`: expected each value once, found ${found(value)} twice`;
  const hint = 'Remove one of the two; use `seeds` to repeat trials.';
  return { code: 'REPEATED_VALUE', path, at: 'value', message, hint };
}

function repeatedNames(list: unknown, path: Path): readonly Problem[] {
  const seen = new Set<unknown>();
  return members(list).flatMap((variant, index) => {
    const { name } = mapping(variant);
    if (name === undefined || !seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `expected a name of its own for every variant, found \`${String(name)}\` twice`;
    return [{ code: 'REPEATED_NAME', path: [...path, index, 'name'], at: 'value' as const, message, hint: null }];
  });
}

function checkZip(zip: unknown, path: Path): readonly Problem[] {
  const axes = Object.entries(mapping(zip)).filter(([, values]) => Array.isArray(values));
  const [first, ...others] = axes.map(([key, values]) => ({ key, length: (values as unknown[]).length }));
  return others
    .filter(({ length }) => length !== first?.length)
    .map(({ key, length }) => ({
      code: 'UNEQUAL_ZIP',
      path: [...path, key],
      at: 'value' as const,
      message: `\`${pathText([...path, key])}\`: expected ${first?.length} values, as \`${first?.key}\` has, found ${length}`,
      hint: 'zip pairs the first value of each key, then the second, and so on.',
    }));
}

function checkSettings(settings: unknown, path: Path): readonly Problem[] {
  return Object.entries(mapping(settings)).flatMap(([key, value]) => {
    const unknown = checkPath(key, [...path, key], 'key');
    return unknown.length > 0 ? unknown : checkValue(key, value, [...path, key]);
  });
}

function checkPaths(paths: unknown, path: Path): readonly Problem[] {
  return members(paths).flatMap((name, index) =>
    // `arm` is no key: it stands for the arms' names.
    typeof name === 'string' && name !== 'arm' ? checkPath(name, [...path, index], 'value') : [],
  );
}
