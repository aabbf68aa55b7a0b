import { type Path, pathText } from '../path.js';
import type { Problem } from '../problem.js';
import { mapping, members } from './plain-data.js';
import { checkPath, checkValue, takesNumbers, takesOnlyWholeNumbers } from './setting.js';

/** Whether every key of a random search's space takes what its distribution draws. */
export function checkSpace(space: unknown, path: Path): readonly Problem[] {
  return Object.entries(mapping(space)).flatMap(([key, distribution]) => {
    const unknown = checkPath(key, [...path, key], 'key');
    if (unknown.length > 0) return unknown;
    const [name, values] = Object.entries(mapping(distribution))[0] ?? [];
    if (name === undefined || !Array.isArray(values)) return [];
    const at = [...path, key, name];
    if (name === 'choice') {
      return members(values).flatMap((value, index) => checkValue(key, value, [...at, index]));
    }
    if (values.length !== 2 || !values.every((value) => typeof value === 'number')) return [];
    if (!takesNumbers(key)) {
      const message = `\`${key}\` takes no numbers, which \`${name}\` draws`;
      return [{ code: 'BAD_DISTRIBUTION', path: at, at: 'key', message, hint: 'Use `choice`.' }];
    }
    return name === 'normal' ? checkNormal(values, at) : checkRange({ key, name, values }, at);
  });
}

interface RangeOf {
  readonly key: string;
  readonly name: string;
  readonly values: readonly number[];
}

function checkRange({ key, name, values }: RangeOf, path: Path): readonly Problem[] {
  const [low, high] = values as [number, number];
  if (low >= high) {
    return [refused(path, `expected a lower and a higher end, found ${low} and ${high}`)];
  }
  if (name === 'log_uniform' && low <= 0) {
    return [refused([...path, 0], `expected a lower end above 0, which has a logarithm, found ${low}`)];
  }
  const rounded = takesOnlyWholeNumbers(key) ? values.map(Math.round) : values;
  return rounded.flatMap((end, index) => checkValue(key, end, [...path, index]));
}

function checkNormal(values: readonly number[], path: Path): readonly Problem[] {
  const deviation = values[1]!;
  return deviation > 0 ? [] : [refused([...path, 1], `expected a standard deviation above 0, found ${deviation}`)];
}

function refused(path: Path, message: string): Problem {
  return { code: 'BAD_DISTRIBUTION', path, at: 'value', message: `\`${pathText(path)}\`: ${message}`, hint: null };
}
