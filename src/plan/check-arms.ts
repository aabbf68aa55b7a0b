import type { Diagnostic } from '../pipeline/diagnostic.js';
import { explain } from '../pipeline/explain.js';
import { type Path, pathText } from '../pipeline/path.js';
import { locateKey, locateValue, type Position } from '../pipeline/positions.js';
import { pipelineSchema } from '../pipeline/schema.js';
import { getSetting } from '../pipeline/settings.js';
import type { SpanLocation } from '../pipeline/source-text.js';
import type { ArmContext, ArmProblem } from './arm-problem.js';
import { originOf, type PlannedArm, pathOfSetting } from './arms.js';
import { checkActiveKeys } from './checks/active.js';
import { checkData } from './checks/data.js';
import { checkModel } from './checks/model.js';
import { checkTask } from './checks/task.js';
import { checkTraining } from './checks/training.js';
import { unsupported } from './supported.js';

const CHECKS: readonly ((context: ArmContext) => readonly ArmProblem[])[] = [
  checkTask,
  checkData,
  checkModel,
  checkTraining,
];

/** Checks every arm; what is wrong in the same way at the same place of several arms is told once. */
export function checkArms(arms: readonly PlannedArm[], positions: Position): readonly Diagnostic[] {
  const found = new Map<string, { readonly diagnostic: Diagnostic; readonly arms: string[] }>();
  for (const arm of arms) {
    for (const diagnostic of armDiagnostics(arm, positions)) note(found, diagnostic, arm);
  }
  for (const { problem, origin, arm } of checkActiveKeys(arms)) {
    note(found, located(problem, locateValue(positions, origin)), arm);
  }
  return [...found.values()].map(({ diagnostic, arms: affected }) => ({
    ...diagnostic,
    message: `${diagnostic.message}${affected.length === arms.length ? '' : inArms(affected, arms.length)}`,
  }));
}

function armDiagnostics(arm: PlannedArm, positions: Position): readonly Diagnostic[] {
  if (arm.point.settings.length > 0) {
    const broken = [
      ...explain(arm.written, pipelineSchema).map((problem) => ({ ...problem, severity: 'error' as const })),
      ...unsupported(arm.written).map((problem) => ({ ...NOT_SUPPORTED, ...problem })),
    ];
    if (broken.length > 0) {
      return broken.map(({ severity, code, path, at, message, hint }) => {
        const origin = originOf(arm.point, path);
        const location = at === 'key' && origin === path ? locateKey(positions, path) : locateValue(positions, origin);
        return { severity, code, path: pathText(path), message, hint, location };
      });
    }
  }
  const written = (path: string): boolean => getSetting(arm.written, pathOfSetting(path).map(String)) !== undefined;
  return CHECKS.flatMap((check) => check({ config: arm.config, written })).map((problem) =>
    located(problem, placeOf(arm, pathOfSetting(problem.path), positions)),
  );
}

const NOT_SUPPORTED = { severity: 'error', code: 'NOT_SUPPORTED', hint: null } as const;

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
