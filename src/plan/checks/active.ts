import { type Path, pathText } from '../../pipeline/path.js';
import { pipelineSchema, schemasAt } from '../../pipeline/schema.js';
import { settingKeys } from '../../pipeline/settings.js';
import { ACTIVE_KEYS, type ActiveKeyRule } from '../active-keys.js';
import type { ArmProblem } from '../arm-problem.js';
import { originOf, type PlannedArm } from '../arms.js';

/** A written key without effect in an arm, and where it is written. */
interface InactiveKey {
  readonly arm: PlannedArm;
  readonly origin: Path;
  readonly problem: ArmProblem;
}

/**
 * Keys that are written and do nothing. One that has an effect in another arm is there for that arm and is left alone,
 * unless its rule says otherwise.
 */
export function checkActiveKeys(arms: readonly PlannedArm[]): readonly InactiveKey[] {
  const swept = new Set<string>();
  for (const { point } of arms) for (const { path } of point.settings) swept.add(path);
  return ACTIVE_KEYS.flatMap((rule) => {
    if (!mayBeWritten(rule.path, arms, swept)) return [];
    const keys = settingKeys(rule.path);
    const writing = arms
      .filter(({ configured }) => configured.written(keys) !== undefined)
      .map((arm) => ({ arm, origin: originOf(arm.point, keys) }));
    const useful = new Set(
      writing.filter(({ arm }) => rule.applies(arm.configured.config)).map(({ origin }) => pathText(origin)),
    );
    return writing
      .filter(
        ({ arm }) => !rule.applies(arm.configured.config) && !(rule.severity === 'warning' && isDefault(arm, keys)),
      )
      .filter(({ origin }) => rule.everyArm === true || !useful.has(pathText(origin)))
      .map(({ arm, origin }) => ({ arm, origin, problem: problemOf(rule, arm, arms.length) }));
  });
}

/** Looked at for all arms at once: most rules are of keys that nobody writes, and there may be many arms. */
function mayBeWritten(path: string, arms: readonly PlannedArm[], swept: ReadonlySet<string>): boolean {
  for (const key of swept) {
    if (key === path || key.startsWith(`${path}.`) || path.startsWith(`${key}.`)) return true;
  }
  return arms[0] !== undefined && arms[0].configured.written(settingKeys(path)) !== undefined;
}

function problemOf(
  { path, severity, reason }: ActiveKeyRule,
  { configured: { config } }: PlannedArm,
  arms: number,
): ArmProblem {
  const message = `\`${path}\` has no effect: ${reason(config)}`;
  const remedy = arms === 1 ? 'Remove the key.' : 'Remove the key, or leave such arms out with `sweep.exclude`.';
  const hint = severity === 'error' ? remedy : null;
  return { severity, code: 'NO_EFFECT', path, message, hint };
}

function isDefault({ configured }: PlannedArm, keys: readonly string[]): boolean {
  const value = JSON.stringify(configured.written(keys));
  return schemasAt(pipelineSchema, keys).some((schema) => JSON.stringify(schema.default) === value);
}
