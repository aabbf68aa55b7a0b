import type { Diagnostic } from '../pipeline/diagnostic.js';
import { type Path, pathText } from '../pipeline/path.js';
import { locateKey, locateValue, type Position } from '../pipeline/positions.js';
import type { SpanLocation } from '../pipeline/source-text.js';
import type { ArmCheck, ArmContext, ArmProblem } from './arm-problem.js';
import { originOf, type PlannedArm, pathOfSetting } from './arms.js';
import { activeKeyCheck } from './checks/active.js';
import { dataCheck, fullBatchCheck } from './checks/data.js';
import { engineCheck } from './checks/engine.js';
import { modelCheck } from './checks/model.js';
import { taskChecks } from './checks/task.js';
import { trainingCheck } from './checks/training.js';
import type { Configurator, Configured } from './configurator.js';
import type { Point } from './point.js';
import type { TrialConfig } from './trial-config.js';

const CHECKS: readonly ArmCheck[] = [...taskChecks, dataCheck, fullBatchCheck, modelCheck, trainingCheck, engineCheck];

/** Gathers what is wrong with the arms of a plan. */
export interface ArmChecker {
  /** Looks at one arm by itself, while all of it is at hand. */
  add(arm: PlannedArm, configured: Configured): void;
  /** Whether an arm by itself was found to be in error: nothing can be made of it. */
  refuses(): boolean;
  /** What is wrong with the arms that were added, one of each point: all of them together included. */
  diagnostics(points: readonly Point[], configurator: Configurator): readonly Diagnostic[];
}

/** Checks every arm; what is wrong in the same way at the same place of several arms is told once. */
export function armChecker(positions: Position): ArmChecker {
  const found = new Map<string, { readonly diagnostic: Diagnostic; readonly arms: string[] }>();
  const activeKeys = activeKeyCheck();
  const problemsOf = contextChecker();
  let refused = false;
  return {
    add(arm, configured) {
      activeKeys.add(arm, configured);
      for (const diagnostic of armDiagnostics(arm, configured, { positions, problemsOf })) {
        note(found, diagnostic, arm);
        refused ||= diagnostic.severity === 'error';
      }
    },
    refuses: () => refused,
    diagnostics(points, configurator) {
      for (const { problem, origin, arm } of activeKeys.found(points, configurator)) {
        note(found, located(problem, locateValue(positions, origin)), arm);
      }
      return [...found.values()].map(({ diagnostic, arms: affected }) => ({
        ...diagnostic,
        message: `${diagnostic.message}${affected.length === points.length ? '' : inArms(affected, points.length)}`,
      }));
    },
  };
}

interface Checking {
  readonly positions: Position;
  readonly problemsOf: (context: ArmContext) => readonly ArmProblem[];
}

function armDiagnostics(
  arm: PlannedArm,
  configured: Configured,
  { positions, problemsOf }: Checking,
): readonly Diagnostic[] {
  if (configured.problems.length > 0) {
    return configured.problems.map(({ severity, code, path, at, message, hint }) => {
      const origin = originOf(arm.point, path);
      const location = at === 'key' && origin === path ? locateKey(positions, path) : locateValue(positions, origin);
      return { severity, code, path: pathText(path), message, hint, location };
    });
  }
  const written = (path: string): boolean => configured.written(pathOfSetting(path).map(String)) !== undefined;
  const found = problemsOf({ config: configured.config, written });
  return found.length === 0
    ? NO_DIAGNOSTICS
    : found.map((problem) => located(problem, placeOf(arm, pathOfSetting(problem.path), positions)));
}

/** Makes all checks, each only where a section that it reads is not the same as in the arm before. */
function contextChecker(): (context: ArmContext) => readonly ArmProblem[] {
  const answers = CHECKS.map(() => NOTHING);
  let before: TrialConfig | null = null;
  return (context) => {
    const { config } = context;
    let found = NOTHING;
    CHECKS.forEach(({ reads, find }, n) => {
      if (before === null || !same(config, before, reads)) answers[n] = find(context);
      if (answers[n]!.length > 0) found = [...found, ...answers[n]!];
    });
    before = config;
    return found;
  };
}

function same(a: TrialConfig, b: TrialConfig, sections: readonly (keyof TrialConfig)[]): boolean {
  for (const name of sections) if (a[name] !== b[name]) return false;
  return true;
}

/** Shared by the arms with nothing to say, which may be a hundred thousand. */
const NOTHING: readonly ArmProblem[] = [];
const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

function placeOf(arm: PlannedArm, path: Path, positions: Position): SpanLocation {
  return locateValue(positions, originOf(arm.point, path));
}

function located({ severity, code, path, message, hint }: ArmProblem, location: SpanLocation): Diagnostic {
  return { severity, code, path, message, hint, location };
}

function note(
  found: Map<string, { readonly diagnostic: Diagnostic; readonly arms: string[] }>,
  diagnostic: Diagnostic,
  { arm }: PlannedArm,
): void {
  const key = JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.location]);
  const known = found.get(key);
  if (known === undefined) found.set(key, { diagnostic, arms: [arm.id] });
  else if (known.arms.at(-1) !== arm.id) known.arms.push(arm.id);
}

function inArms(affected: readonly string[], total: number): string {
  const shown = affected.slice(0, 3).map((id) => `\`${id}\``);
  return ` (in ${affected.length} of ${total} arms: ${shown.join(', ')}${affected.length > shown.length ? ', …' : ''})`;
}
