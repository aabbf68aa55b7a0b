import { type Path, pathText } from '../../pipeline/path.js';
import { pipelineSchema, schemasAt } from '../../pipeline/schema.js';
import { getSetting, settingKeys } from '../../pipeline/settings.js';
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
  return ACTIVE_KEYS.flatMap((rule) => {
    const keys = settingKeys(rule.path);
    const writing = arms
      .filter(({ written }) => getSetting(written, keys) !== undefined)
      .map((arm) => ({ arm, origin: originOf(arm.point, keys) }));
    const useful = new Set(writing.filter(({ arm }) => rule.applies(arm.config)).map(({ origin }) => pathText(origin)));
    return writing
      .filter(({ arm }) => !rule.applies(arm.config) && !(rule.severity === 'warning' && isDefault(arm, keys)))
      .filter(({ origin }) => rule.everyArm === true || !useful.has(pathText(origin)))
      .map(({ arm, origin }) => ({ arm, origin, problem: problemOf(rule, arm, arms.length) }));
  });
}

function problemOf({ path, severity, reason }: ActiveKeyRule, { config }: PlannedArm, arms: number): ArmProblem {
  const message = `\`${path}\` has no effect: ${reason(config)}`;
  const remedy = arms === 1 ? 'Remove the key.' : 'Remove the key, or leave such arms out with `sweep.exclude`.';
  const hint = severity === 'error' ? remedy : null;
  return { severity, code: 'NO_EFFECT', path, message, hint };
}

function isDefault({ written }: PlannedArm, keys: readonly string[]): boolean {
  const value = JSON.stringify(getSetting(written, keys));
  return schemasAt(pipelineSchema, keys).some((schema) => JSON.stringify(schema.default) === value);
}
