import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { planPipeline, RefusedPlanError } from '../../plan/create-plan.js';
import type { CommandContext } from '../command.js';
import { diagnosticsText } from '../error-text.js';
import { readPipelineFile, repeatable } from '../pipeline-file.js';
import type { PlanFormat } from '../plan/render.js';
import { runsOption } from '../run-options.js';
import { jobsOf, jobsOption } from '../schedule-options.js';

interface PlanCommandOptions {
  readonly format: PlanFormat;
  readonly set: readonly string[];
  readonly yes?: true;
  readonly jobs?: number;
  readonly runs: string;
  readonly diff?: string;
  readonly probe?: true;
}

/**
 * `sweep plan FILE`: the arms and trials of a pipeline and what they will take, without training anything; exit code 2
 * when there is no plan.
 */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'pipeline file')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'markdown']).default('text'))
    .option('--set <path=value>', 'change a key before planning; repeatable', repeatable, [])
    .option('--yes', 'allow more trials than sweep.max_trials')
    .option('--diff <run|commit>', 'say what changed since a run, or since a Git commit')
    .option('--probe', 'time a few training steps of each different shape, on the engine that would run')
    .addOption(jobsOption())
    .addOption(runsOption())
    .action((file: string, options: PlanCommandOptions) => showPlan(file, options, context));
}

async function showPlan(path: string, options: PlanCommandOptions, context: CommandContext): Promise<void> {
  const { format, set, yes, runs: runsFolder, diff, probe: probing } = options;
  const jobs = jobsOf(options);
  const file = readPipelineFile(path, set);
  const { plan, rules, diagnostics } = planPipeline(file, { large: yes === true });
  if (plan === null) throw new RefusedPlanError(path, diagnostics);
  if (diagnostics.length > 0) context.stderr.write(`${diagnosticsText(diagnostics, { stream: context.stderr })}\n`);

  // Loaded only for a plan that there is.
  const { planOverview } = await import('../plan/overview.js');
  const { renderPlan } = await import('../plan/render.js');
  const workingDirectory = process.cwd();
  const onShape = (shape: { readonly index: number; readonly total: number; readonly trial: string }): void =>
    void context.stderr.write(`timing steps of ${shape.trial} (${shape.index + 1} of ${shape.total})\n`);
  const probe = probing === true ? { onShape } : null;
  const sweep = file.pipeline?.sweep ?? {};
  const overview = await planOverview(plan, { rules, sweep, runsFolder, jobs, workingDirectory, probe });
  const compared = diff === undefined ? null : await compare(diff);
  await write(context.stdout, renderPlan(overview, compared, format));

  async function compare(name: string) {
    const { pairWith } = await import('../plan/other-plan.js');
    const { diffPlans } = await import('../../plan/diff-plans.js');
    const { before, after } = await pairWith(plan!, name, { file: path, overrides: set, runsFolder });
    return { name, diff: diffPlans(before, after) };
  }
}

const ENOUGH = 65_536;

/** Writes the pieces in larger portions, no faster than they are read. */
async function write(stream: NodeJS.WritableStream, pieces: Iterable<string>): Promise<void> {
  let portion = '';
  for (const piece of pieces) {
    portion += piece;
    if (portion.length < ENOUGH) continue;
    if (!stream.write(portion)) await once(stream, 'drain');
    portion = '';
  }
  stream.write(portion);
}
