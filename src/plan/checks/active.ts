import { type Path, pathText } from '../../pipeline/path.js';
import { pipelineSchema, schemasAt } from '../../pipeline/schema.js';
import { settingKeys } from '../../pipeline/settings.js';
import { ACTIVE_KEYS, type ActiveKeyRule } from '../active-keys.js';
import type { ArmProblem } from '../arm-problem.js';
import { originOf, type PlannedArm } from '../arms.js';
import type { Configured } from '../configurator.js';
import type { Point } from '../point.js';

/** A written key without effect in an arm, and where it is written. */
interface InactiveKey {
  readonly arm: PlannedArm;
  readonly origin: Path;
  readonly problem: ArmProblem;
}

/** Gathers keys that are written and do nothing. */
interface ActiveKeyCheck {
  /** Looks at one arm, while all of it is at hand. */
  add(arm: PlannedArm, configured: Configured): void;
  /** What does nothing in the arms that were added, of which there are `total`. */
  found(total: number): readonly InactiveKey[];
}

/**
 * Keys that are written and do nothing. One that has an effect in another arm is there for that arm and is left alone,
 * unless its rule says otherwise.
 */
export function activeKeyCheck(): ActiveKeyCheck {
  const watches = ACTIVE_KEYS.map(watch);
  // Most rules are of keys that neither the pipeline nor the sweep writes, and there may be many arms.
  const possible = new Set<Watch>();
  const seen = new Set<string>();
  let first = true;
  return {
    add(arm, configured) {
      for (const { path } of arm.point.settings) {
        if (seen.has(path)) continue;
        seen.add(path);
        for (const watched of watches) if (concerns(path, watched.rule.path)) possible.add(watched);
      }
      if (first) for (const watched of watches) if (isWritten(configured, watched.keys)) possible.add(watched);
      first = false;
      for (const watched of possible) look(watched, arm, configured);
    },
    found: (total) =>
      watches.flatMap(({ rule, useful, idle }) => {
        const left = rule.everyArm === true ? idle : idle.filter(({ origin }) => !useful.has(pathText(origin)));
        return left.map(({ arm, origin }) => ({ arm, origin, problem: problemOf(rule, arm, total) }));
      }),
  };
}

/** A rule with what was seen of it. */
interface Watch {
  readonly rule: ActiveKeyRule;
  readonly keys: readonly string[];
  /** Where the key is written in arms in which it has an effect, and the last such place. */
  readonly useful: Set<string>;
  lastUseful: Path | null;
  readonly idle: { readonly arm: PlannedArm; readonly origin: Path }[];
}

function watch(rule: ActiveKeyRule): Watch {
  return { rule, keys: settingKeys(rule.path), useful: new Set(), lastUseful: null, idle: [] };
}

function look(watched: Watch, arm: PlannedArm, configured: Configured): void {
  const { rule, keys, useful, idle } = watched;
  const applies = rule.applies(configured.config);
  if ((applies && rule.everyArm === true) || !isWritten(configured, keys)) return;
  if (!applies) {
    if (rule.severity === 'warning' && isDefault(configured, keys)) return;
    idle.push({ arm, origin: originOf(arm.point, keys) });
    return;
  }
  const origin = ownOrigin(arm.point, rule.path) ?? originOf(arm.point, keys);
  // Arms share most of their origins.
  if (origin === watched.lastUseful) return;
  watched.lastUseful = origin;
  useful.add(pathText(origin));
}

/** Where a setting of just this path was written. */
function ownOrigin({ settings }: Point, path: string): Path | null {
  for (let n = settings.length - 1; n >= 0; n--) if (settings[n]!.path === path) return settings[n]!.origin;
  return null;
}

/** Whether setting one path can write, or take away, the other. */
function concerns(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

function isWritten(configured: Configured, keys: readonly string[]): boolean {
  return configured.written(keys) !== undefined;
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

function isDefault(configured: Configured, keys: readonly string[]): boolean {
  const value = JSON.stringify(configured.written(keys));
  return schemasAt(pipelineSchema, keys).some((schema) => JSON.stringify(schema.default) === value);
}
