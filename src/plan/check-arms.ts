import type { Diagnostic } from '../pipeline/diagnostic.js';
import { explain, type Problem } from '../pipeline/explain.js';
import { type Path, pathText } from '../pipeline/path.js';
import { locateKey, locateValue, type Position } from '../pipeline/positions.js';
import { pipelineSchema, schemasAt } from '../pipeline/schema.js';
import type { SpanLocation } from '../pipeline/source-text.js';
import type { ArmContext, ArmProblem } from './arm-problem.js';
import { originOf, type PlannedArm, pathOfSetting } from './arms.js';
import { activeKeyCheck } from './checks/active.js';
import { checkData } from './checks/data.js';
import { checkEngine } from './checks/engine.js';
import { checkModel } from './checks/model.js';
import { checkTask } from './checks/task.js';
import { checkTraining } from './checks/training.js';
import type { Configured, Section } from './configurator.js';
import { unsupportedSection } from './supported.js';

const CHECKS: readonly ((context: ArmContext) => readonly ArmProblem[])[] = [
  checkTask,
  checkData,
  checkModel,
  checkTraining,
  checkEngine,
];

/** Gathers what is wrong with the arms of a plan. */
export interface ArmChecker {
  /** Looks at one arm by itself, while all of it is at hand. */
  add(arm: PlannedArm, configured: Configured): void;
  /** What is wrong with the arms that were added, all of them together included. */
  diagnostics(arms: readonly PlannedArm[]): readonly Diagnostic[];
}

/** Checks every arm; what is wrong in the same way at the same place of several arms is told once. */
export function armChecker(positions: Position): ArmChecker {
  const found = new Map<string, { readonly diagnostic: Diagnostic; readonly arms: string[] }>();
  const activeKeys = activeKeyCheck();
  return {
    add(arm, configured) {
      activeKeys.add(arm, configured);
      for (const diagnostic of armDiagnostics(arm, configured, positions)) note(found, diagnostic, arm);
    },
    diagnostics(arms) {
      for (const { problem, origin, arm } of activeKeys.found(arms.length)) {
        note(found, located(problem, locateValue(positions, origin)), arm);
      }
      return [...found.values()].map(({ diagnostic, arms: affected }) => ({
        ...diagnostic,
        message: `${diagnostic.message}${affected.length === arms.length ? '' : inArms(affected, arms.length)}`,
      }));
    },
  };
}

function armDiagnostics(arm: PlannedArm, configured: Configured, positions: Position): readonly Diagnostic[] {
  const broken = configured.changed.flatMap(brokenIn);
  if (broken.length > 0) {
    return broken.map(({ severity, code, path, at, message, hint }) => {
      const origin = originOf(arm.point, path);
      const location = at === 'key' && origin === path ? locateKey(positions, path) : locateValue(positions, origin);
      return { severity, code, path: pathText(path), message, hint, location };
    });
  }
  const written = (path: string): boolean => configured.written(pathOfSetting(path).map(String)) !== undefined;
  const context = { config: configured.config, written };
  return CHECKS.flatMap((check) => check(context)).map((problem) =>
    located(problem, placeOf(arm, pathOfSetting(problem.path), positions)),
  );
}

type Broken = Problem & { readonly severity: 'error' };

/** What the schema, or what is there yet, refuses in a section that the sweep changed; arms share sections. */
function brokenIn(section: Section): readonly Broken[] {
  const known = checked.get(section);
  if (known !== undefined) return known;
  const { name, written } = section;
  const [schema, ...more] = schemasAt(pipelineSchema, [name]);
  const whole = more.length === 0 ? schema! : pipelineSchema.properties![name]!;
  const broken = [
    ...(written === undefined ? [] : explain(written, whole, [name])),
    ...unsupportedSection(name, written).map((problem) => ({ ...NOT_SUPPORTED, ...problem })),
  ].map((problem) => ({ ...problem, severity: 'error' as const }));
  if (section.shared) {
    if (checked.size >= MOST_CHECKED) checked.clear();
    checked.set(section, broken);
  }
  return broken;
}

const MOST_CHECKED = 1_000;
const checked = new Map<Section, readonly Broken[]>();

const NOT_SUPPORTED = { code: 'NOT_SUPPORTED', hint: null } as const;

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
