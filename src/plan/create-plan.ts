import { PlanError } from '../errors.js';
import { type Diagnostic, hasErrors, inReadingOrder } from '../pipeline/diagnostic.js';
import { pathText } from '../pipeline/path.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import { locateKey, locateValue } from '../pipeline/positions.js';
import type { PipelineFile } from '../pipeline/read-pipeline.js';
import { pipelineSchema, resolved } from '../pipeline/schema.js';
import { withWrittenDecimals } from '../pipeline/written-decimals.js';
import { type PlannedArm, planArm } from './arms.js';
import { armChecker } from './check-arms.js';
import { checkClaims } from './checks/claims.js';
import { checkReport } from './checks/report.js';
import { type Configurator, createConfigurator } from './configurator.js';
import type { Plan } from './plan.js';
import type { Point } from './point.js';
import { type RuleEffect, settlePoints } from './settle-points.js';
import { type ArmTrials, trialSharer } from './share-trials.js';
import { unsupported } from './supported.js';
import { type SweepNode, sweepPoints } from './sweep-points.js';
import { checkCount, checkSize } from './sweep-size.js';
import type { TrialConfig } from './trial-config.js';
import { trialHashes } from './trial-hash.js';

export interface PlanOptions {
  /** Allow more trials than `sweep.max_trials`. */
  readonly large?: boolean;
}

/** What planning gave: a plan with warnings, or errors and no plan. */
export interface Planned {
  readonly plan: Plan | null;
  /** What each condition of the sweep did, for a plan; empty without one. */
  readonly rules: readonly RuleEffect[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A pipeline that is not valid or cannot be planned, with everything that is wrong with it. */
export class RefusedPlanError extends PlanError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(file: string, diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super(`${first?.message ?? `${file} cannot be planned`}${more}`, {
      code: first?.code ?? 'PLAN_REFUSED',
      hint: first?.hint ?? undefined,
      location: first?.location,
    });
    this.diagnostics = diagnostics;
  }
}

/** The plan of a pipeline that was read; throws RefusedPlanError with every diagnostic when there can be none. */
export function createPlan(file: PipelineFile, options: PlanOptions = {}): Plan {
  const { plan, diagnostics } = planPipeline(file, options);
  if (plan === null) throw new RefusedPlanError(file.file, diagnostics);
  return plan;
}

/**
 * Plans a pipeline that was read: its arms in the order of the sweep and the trials arm by arm, seeds in order, which is
 * how the report is read (the scheduler may start them in another order). Pure: the same file gives the same plan.
 */
export function planPipeline(file: PipelineFile, options: PlanOptions = {}): Planned {
  const { pipeline, positions } = file;
  if (pipeline === null) return refused(file.diagnostics);
  const early = refusals(file, pipeline, options.large === true);
  if (early.length > 0) return refused([...file.diagnostics, ...early]);

  const configurator = createConfigurator(pipeline);
  const { points, rules } = pointsOf(pipeline, configurator);
  const size = checkSize(points, { sweep: pipeline.sweep, positions, large: options.large === true });
  if (size !== null) return refused([...file.diagnostics, size]);

  const checker = armChecker(positions);
  const sharer = trialSharer();
  const total = points.length;
  // One arm after another from its point to its trials: what is made on the way should not have to be kept for all.
  const arms = points.map((point, index) => {
    const planned = planArm(configurator, point, { index, total, checker });
    return checker.refuses() ? planned.arm : sharer.add(trialsOf(planned));
  });
  const configOf = ({ settings }: Point): TrialConfig => configurator.configure(settings).config;
  const configured = () => arms.map((arm, n) => ({ arm, config: configOf(points[n]!) }));
  const diagnostics = inReadingOrder([
    ...file.diagnostics,
    ...checker.diagnostics(points, configurator),
    ...checkClaims(pipeline.expect, configured, positions),
    ...checkReport(pipeline.report, configured, positions),
  ]);
  if (hasErrors(diagnostics)) return refused(diagnostics);
  const { name, description = null, report = {}, expect = [], sweep = {} } = pipeline;
  const reported = withWrittenDecimals(report, positions);
  const plan: Plan = { schema: 1, name, arms, trials: sharer.trials(), description, report: reported, expect, sweep };
  return { plan, rules, diagnostics };
}

/** The points of a pipeline's sweep, one for each arm and in their order, and what its conditions did. */
export function pointsOf(pipeline: Pipeline, configurator: Configurator): ReturnType<typeof settlePoints> {
  const all = sweepPoints({ seeds: DEFAULT_SEEDS, ...(pipeline.sweep as unknown as SweepNode) }, ['sweep']);
  return settlePoints(pipeline, all, configurator);
}

function refused(diagnostics: readonly Diagnostic[]): Planned {
  return { plan: null, rules: [], diagnostics: inReadingOrder(diagnostics) };
}

function trialsOf({ arm, point, config }: PlannedArm): ArmTrials {
  const seeds = point.seeds ?? [];
  const hashes = trialHashes(config, seeds);
  // Joined, as the arm's id is.
  const trials = seeds.map((seed, k) => ({
    id: [arm.id, '-s', seed].join(''),
    arm: arm.id,
    seed,
    config,
    hash: hashes[k]!,
  }));
  return { arm, trials };
}

const DEFAULT_SEEDS = resolved(pipelineSchema.$defs?.seeds ?? {}).default as number;

/** What can be refused before any point is built. */
function refusals({ positions }: PipelineFile, pipeline: Pipeline, large: boolean): readonly Diagnostic[] {
  const missing = unsupported(pipeline).map(({ path, at, message }): Diagnostic => {
    const location = at === 'key' ? locateKey(positions, path) : locateValue(positions, path);
    return { severity: 'error', code: 'NOT_SUPPORTED', path: pathText(path), message, hint: null, location };
  });
  if (missing.length > 0) return missing;
  const { sweep } = pipeline;
  const count = { seeds: DEFAULT_SEEDS, max_trials: sweep?.max_trials, positions, large };
  const tooLarge = checkCount((sweep ?? {}) as unknown as SweepNode, count);
  return tooLarge === null ? [] : [tooLarge];
}
