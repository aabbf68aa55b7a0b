import type { Problem } from '../explain.js';
import { type Path, pathText } from '../path.js';
import { mapping } from './plain-data.js';

/** Whether the factors of an ablation can be put together as its mode asks. */
export function checkAblation(ablate: unknown, path: Path): readonly Problem[] {
  const { mode = 'one_at_a_time', factors, fraction } = mapping(ablate);
  const names = Object.keys(mapping(factors));
  return [
    ...names.flatMap((name) => {
      if (Object.keys(mapping(mapping(factors)[name])).length > 0) return [];
      const at = [...path, 'factors', name];
      return [problem('EMPTY_FACTOR', at, `\`${pathText(at)}\`: expected at least one setting, found none`)];
    }),
    ...(mode === 'leave_one_out' || mode === 'factorial' ? contradictions(mapping(factors), mode, path) : []),
    ...(fraction === undefined ? [] : checkFraction({ mode, fraction, factors: names.length }, [...path, 'fraction'])),
  ];
}

/** All factors together: which of two that set one key would win? */
function contradictions(factors: ReturnType<typeof mapping>, mode: string, path: Path): readonly Problem[] {
  const setting = new Map<string, string>();
  return Object.entries(factors).flatMap(([name, settings]) =>
    Object.keys(mapping(settings)).flatMap((key) => {
      const other = setting.get(key);
      if (other === undefined) {
        setting.set(key, name);
        return [];
      }
      const message = `the factors \`${other}\` and \`${name}\` both set \`${key}\`, and \`mode: ${mode}\` puts them together`;
      const hint = 'Keep one of them, or use `one_at_a_time` or `cumulative`.';
      return [{ code: 'REPEATED_AXIS', path: [...path, 'factors', name, key], at: 'key' as const, message, hint }];
    }),
  );
}

function checkFraction(
  { mode, fraction, factors }: { readonly mode: unknown; readonly fraction: unknown; readonly factors: number },
  path: Path,
): readonly Problem[] {
  if (mode !== 'factorial') {
    const message = `\`${pathText(path)}\` has no effect: it applies where \`mode\` is \`factorial\`, found \`${String(mode)}\``;
    return [{ code: 'NO_EFFECT', path, at: 'key', message, hint: null }];
  }
  const dependent = Math.log2(Number(String(fraction).slice(2)));
  const independent = factors - dependent;
  // Each dependent factor is a product of its own of two or more independent ones.
  if (!Number.isInteger(dependent) || (independent >= 2 && 2 ** independent - independent - 1 >= dependent)) return [];
  const message = `\`${pathText(path)}\`: ${String(fraction)} of the subsets of ${factors} factors cannot tell the factors apart`;
  const hint = 'Take a larger fraction, or `one_at_a_time`.';
  return [{ code: 'BAD_FRACTION', path, at: 'value', message, hint }];
}

function problem(code: string, path: Path, message: string): Problem {
  return { code, path, at: 'value', message, hint: null };
}
