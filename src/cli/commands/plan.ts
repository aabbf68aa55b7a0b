import { type Command, Option } from 'commander';
import { markdownTable } from 'markdown-table';
import { planPipeline, RefusedPlanError } from '../../plan/create-plan.js';
import type { Plan } from '../../plan/plan.js';
import type { CommandContext } from '../command.js';
import { diagnosticsText } from '../error-text.js';
import { readPipelineFile, repeatable } from '../pipeline-file.js';

interface PlanCommandOptions {
  readonly format: 'table' | 'json';
  readonly set: readonly string[];
  readonly yes?: true;
}

/** `sweep plan FILE`: the arms and trials of a pipeline, without loading an engine; exit code 2 when there is no plan. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'pipeline file')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--set <path=value>', 'change a key before planning; repeatable', repeatable, [])
    .option('--yes', 'allow more trials than sweep.max_trials')
    .action((file: string, { format, set, yes }: PlanCommandOptions) => {
      const { plan, diagnostics } = planPipeline(readPipelineFile(file, set), { large: yes === true });
      if (plan === null) throw new RefusedPlanError(file, diagnostics);
      if (diagnostics.length > 0) context.stderr.write(`${diagnosticsText(diagnostics, { stream: context.stderr })}\n`);
      context.stdout.write(format === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : planTable(plan));
    });
}

function planTable({ name, arms, trials }: Plan): string {
  const rows = arms.map(({ id, label }) => {
    const seeds = trials.filter(({ arm }) => arm === id).map(({ seed }) => seed);
    return [id, label, String(seeds.length), seeds.join(' ')];
  });
  const width = (text: string): number => [...text].length;
  const table = markdownTable([['arm', 'settings', 'trials', 'seeds'], ...rows], {
    align: ['l', 'l', 'r', 'l'],
    stringLength: width,
  });
  const trialRows = trials.map(({ id, arm, seed, hash }) => [id, arm, String(seed), hash.slice(0, 12)]);
  const trialTable = markdownTable([['trial', 'arm', 'seed', 'hash'], ...trialRows], { align: ['l', 'l', 'r', 'l'] });
  return `${name}: ${arms.length} arms, ${trials.length} trials\n\n${table}\n\n${trialTable}\n`;
}
