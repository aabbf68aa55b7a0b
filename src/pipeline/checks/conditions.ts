import type { Path } from '../path.js';
import type { Problem } from '../problem.js';
import type { Axis } from './axes.js';
import { mapping } from './plain-data.js';
import { checkPath, checkValue, takesDuration, takesNumbers } from './setting.js';

/** Whether the keys of a condition exist and take the values that they are compared with. */
export function checkCondition(condition: unknown, path: Path): readonly Problem[] {
  return Object.entries(mapping(condition)).flatMap(([key, expected]) => {
    const unknown = checkPath(key, [...path, key], 'key');
    if (unknown.length > 0) return unknown;
    if (Array.isArray(expected))
      return expected.flatMap((value, index) => checkValue(key, value, [...path, key, index]));
    if (expected === null || typeof expected !== 'object') return checkValue(key, expected, [...path, key]);
    return Object.entries(expected).flatMap(([comparison, value]) => {
      if (comparison === 'eq' || comparison === 'ne') return checkValue(key, value, [...path, key, comparison]);
      if (ORDERS.includes(comparison)) return checkOrder(key, comparison, [...path, key, comparison]);
      if (comparison !== 'in' && comparison !== 'not_in') return [];
      if (!Array.isArray(value)) return [];
      return value.flatMap((member, index) => checkValue(key, member, [...path, key, comparison, index]));
    });
  });
}

const ORDERS: readonly string[] = ['gt', 'ge', 'lt', 'le'];

/** Greater and less are of numbers (of a duration, its seconds): anything else would be neither. */
function checkOrder(key: string, comparison: string, path: Path): readonly Problem[] {
  if (takesNumbers(key) || takesDuration(key)) return [];
  const message = `\`${key}\` takes no numbers, which \`${comparison}\` compares`;
  return [
    { code: 'BAD_COMPARISON', path, at: 'key', message, hint: 'Use a value, a list of values, `ne` or `not_in`.' },
  ];
}

/** Whether every axis with a condition is one, and no conditions go round in a circle. */
export function checkWhen(when: unknown, path: Path, axes: readonly Axis[]): readonly Problem[] {
  const conditions = mapping(when);
  return Object.entries(conditions).flatMap(([key, condition]) => {
    const at = [...path, key];
    const unknown = checkPath(key, at, 'key');
    if (unknown.length > 0) return unknown;
    return [...absentAxis(key, at, axes), ...circle(key, at, conditions), ...checkCondition(condition, at)];
  });
}

function absentAxis(key: string, path: Path, axes: readonly Axis[]): readonly Problem[] {
  const conditional = axes.filter(({ operator }) => !operator.endsWith('ablate'));
  if (conditional.some((axis) => axis.key === key)) return [];
  const names = [...new Set(conditional.map((axis) => axis.key))].map((name) => `\`${name}\``);
  const message = `\`${key}\` is no axis of this part of the sweep, so that there is nothing to make conditional`;
  const hint = names.length === 0 ? null : `Axes here: ${names.join(', ')}.`;
  return [{ code: 'UNKNOWN_AXIS', path, at: 'key', message, hint }];
}

/** Whether the existence of an axis depends, through the conditions, on its own value. */
function circle(key: string, path: Path, conditions: ReturnType<typeof mapping>): readonly Problem[] {
  const reached = new Set<string>();
  const visit = (axis: string): void => {
    for (const other of Object.keys(mapping(conditions[axis]))) {
      for (const next of Object.keys(conditions)) {
        if ((next !== other && !other.startsWith(`${next}.`)) || reached.has(next)) continue;
        reached.add(next);
        visit(next);
      }
    }
  };
  visit(key);
  if (!reached.has(key)) return [];
  const message = `whether \`${key}\` exists depends on its own value`;
  const hint = 'A condition names other keys: those whose values decide.';
  return [{ code: 'CIRCULAR_WHEN', path, at: 'key', message, hint }];
}
