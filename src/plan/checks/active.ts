import { type Path, pathText } from '../../pipeline/path.js';
import { pipelineSchema, schemasAt } from '../../pipeline/schema.js';
import { settingKeys } from '../../pipeline/settings.js';
import { ACTIVE_KEYS, type ActiveKeyRule, inactiveKeys } from '../active-keys.js';
import type { ArmProblem } from '../arm-problem.js';
import { originOf, type PlannedArm } from '../arms.js';
import type { Configurator, Configured } from '../configurator.js';
import type { Point } from '../point.js';
import type { TrialConfig } from '../trial-config.js';

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
  /** What does nothing in the arms that were added, one of each point. */
  found(points: readonly Point[], configurator: Configurator): readonly InactiveKey[];
}

/**
 * Keys that are written and do nothing. One that has an effect in another arm is there for that arm and is left alone,
 * unless its rule says otherwise.
 */
export function activeKeyCheck(): ActiveKeyCheck {
  const watches = ACTIVE_KEYS.map((rule): Watch => ({ rule, keys: settingKeys(rule.path), idle: [] }));
  // Most rules are of keys that neither the pipeline nor the sweep writes, and there may be many arms.
  const possible = new Set<Watch>();
  const inactive = new Map<readonly string[], readonly Watch[]>();
  const seen = new Set<string>();
  const watch = (watched: Watch): void => {
    possible.add(watched);
    inactive.clear();
  };
  /** The possible ones that do nothing in a configuration; configurations of the same inactive keys share the list. */
  const inactiveIn = (config: TrialConfig): readonly Watch[] => {
    const list = inactiveKeys(config);
    let known = inactive.get(list);
    if (known === undefined) {
      known = [...possible].filter(({ rule }) => !rule.applies(config));
      inactive.set(list, known);
    }
    return known;
  };
  let first = true;
  return {
    add(arm, configured) {
      for (const path in arm.arm.settings) {
        if (seen.has(path)) continue;
        seen.add(path);
        for (const watched of watches) if (concerns(path, watched.rule.path)) watch(watched);
      }
      if (first) for (const watched of watches) if (isWritten(configured, watched.keys)) watch(watched);
      first = false;
      for (const watched of inactiveIn(configured.config)) {
        if (isIdle(watched, configured)) {
          watched.idle.push({ arm, origin: originOf(arm.point, watched.keys) });
        }
      }
    },
    found: (points, configurator) =>
      watches.flatMap(({ rule, keys, idle }) => {
        if (idle.length === 0) return [];
        // Looked for only now: few sweeps have keys without effect.
        const useful = rule.everyArm === true ? NOWHERE : usefulPlaces({ rule, keys }, points, configurator);
        return idle
          .filter(({ origin }) => !useful.has(pathText(origin)))
          .map(({ arm, origin }) => ({ arm, origin, problem: problemOf(rule, arm, points.length) }));
      }),
  };
}

/** A rule with the arms in which its key is written and does nothing. */
interface Watch {
  readonly rule: ActiveKeyRule;
  readonly keys: readonly string[];
  readonly idle: { readonly arm: PlannedArm; readonly origin: Path }[];
}

const NOWHERE: ReadonlySet<string> = new Set();

/** Whether a key that does nothing is written all the same; that its default is written is no mistake. */
function isIdle({ rule, keys }: Watch, configured: Configured): boolean {
  return isWritten(configured, keys) && !(rule.severity === 'warning' && isDefault(configured, keys));
}

/** Where the key is written in arms in which it has an effect. */
function usefulPlaces(
  { rule, keys }: Pick<Watch, 'rule' | 'keys'>,
  points: readonly Point[],
  configurator: Configurator,
): ReadonlySet<string> {
  const places = new Set<string>();
  for (const point of points) {
    const configured = configurator.configure(point.settings);
    if (!rule.applies(configured.config) || !isWritten(configured, keys)) continue;
    places.add(pathText(originOf(point, keys)));
  }
  return places;
}

/** Whether setting one path can write, or take away, the other. */
function concerns(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

function isWritten(configured: Configured, keys: readonly string[]): boolean {
  return configured.written(keys) !== undefined;
}

function problemOf({ path, severity, reason }: ActiveKeyRule, { config }: PlannedArm, arms: number): ArmProblem {
  const message = `\`${path}\` has no effect: ${reason(config)}`;
  const remedy = arms === 1 ? 'Remove the key.' : 'Remove the key, or leave such arms out with `sweep.exclude`.';
  const hint = severity === 'error' ? remedy : null;
  return { severity, code: 'NO_EFFECT', path, message, hint };
}

function isDefault(configured: Configured, keys: readonly string[]): boolean {
  const value = JSON.stringify(configured.written(keys));
  return schemasAt(pipelineSchema, keys).some((schema) => JSON.stringify(schema.default) === value);
}
