import { type Path, pathText } from '../path.js';
import type { Problem } from '../problem.js';
import { overlap } from './axes.js';
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

/** All factors together: which of two that set one key, or a key and a key within it, would win? */
function contradictions(factors: ReturnType<typeof mapping>, mode: string, path: Path): readonly Problem[] {
  const earlier = new Map<string, FactorSetting>();
  return Object.entries(factors).flatMap(([name, settings]) => {
    const own = Object.keys(mapping(settings)).map((key): FactorSetting => ({ name, key }));
    const found = own.flatMap((setting) => {
      const other = earlier.get(setting.key) ?? [...earlier.values()].find(({ key }) => overlap(key, setting.key));
      return other === undefined ? [] : [contradiction(other, setting, { mode, path })];
    });
    // Only now: of the settings of one factor the later ones win.
    for (const setting of own) if (!earlier.has(setting.key)) earlier.set(setting.key, setting);
    return found;
  });
}

interface FactorSetting {
  readonly name: string;
  readonly key: string;
}

function contradiction(
  other: FactorSetting,
  { name, key }: FactorSetting,
  { mode, path }: { readonly mode: string; readonly path: Path },
): Problem {
  const both =
    other.key === key
      ? `the factors \`${other.name}\` and \`${name}\` both set \`${key}\``
      : `the factor \`${name}\` sets \`${key}\`, and \`${other.name}\` sets \`${other.key}\``;
  const message = `${both}, and \`mode: ${mode}\` puts them together`;
  const hint = 'Keep one of them, or use `one_at_a_time` or `cumulative`.';
  return { code: 'REPEATED_AXIS', path: [...path, 'factors', name, key], at: 'key', message, hint };
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
