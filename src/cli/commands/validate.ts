import { type Command, Option } from 'commander';
import { PipelineError } from '../../errors.js';
import type { Diagnostic } from '../../pipeline/diagnostic.js';
import { planPipeline } from '../../plan/create-plan.js';
import type { Plan } from '../../plan/plan.js';
import { armTrials } from '../../plan/share-trials.js';
import type { CommandContext } from '../command.js';
import { diagnosticsText, errorText } from '../error-text.js';
import { githubAnnotation } from '../github-annotation.js';
import { readPipelineFile, repeatable } from '../pipeline-file.js';

interface ValidateOptions {
  readonly format: 'text' | 'json' | 'github';
  readonly set: readonly string[];
}

/** What is known of one file. */
interface Checked {
  readonly file: string;
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Why the file could not be read at all. */
  readonly unreadable: PipelineError | null;
}

/** `sweep validate FILES…`: every mistake of every file at once; exit code 2 when there is one. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<files...>', 'pipeline files')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'github']).default('text'))
    .option('--set <path=value>', 'change a key before checking; repeatable', repeatable, [])
    .action((files: readonly string[], { format, set }: ValidateOptions) => {
      const results = files.map((file) => check(file, set));
      PRINTERS[format](results, context);
      context.exit(results.every(({ plan }) => plan !== null) ? 0 : 2);
    });
}

function check(file: string, overrides: readonly string[]): Checked {
  try {
    return { file, unreadable: null, ...planPipeline(readPipelineFile(file, overrides), { large: true }) };
  } catch (error) {
    if (error instanceof PipelineError) return { file, plan: null, diagnostics: [], unreadable: error };
    throw error;
  }
}

const PRINTERS: {
  readonly [format in ValidateOptions['format']]: (results: readonly Checked[], context: CommandContext) => void;
} = { text: printText, json: printJson, github: printGithub };

function printText(results: readonly Checked[], { stdout, stderr }: CommandContext): void {
  for (const { file, plan, diagnostics, unreadable } of results) {
    if (unreadable !== null) stderr.write(errorText(unreadable, { stream: stderr }));
    if (diagnostics.length > 0) stderr.write(`${diagnosticsText(diagnostics, { stream: stderr })}\n`);
    if (plan !== null) stdout.write(`${file}: valid (${sizeOf(plan)})\n`);
    else if (unreadable === null) stderr.write(`${file}: ${countErrors(diagnostics)}\n`);
  }
}

function printJson(results: readonly Checked[], { stdout }: CommandContext): void {
  const files = results.map(({ file, plan, diagnostics, unreadable }) => ({
    file,
    valid: plan !== null,
    arms: plan?.arms.length ?? null,
    trials: plan?.trials.length ?? null,
    diagnostics: unreadable === null ? diagnostics : [asDiagnostic(file, unreadable)],
  }));
  stdout.write(`${JSON.stringify({ files }, null, 2)}\n`);
}

function printGithub(results: readonly Checked[], { stdout }: CommandContext): void {
  for (const { file, diagnostics, unreadable } of results) {
    const all = unreadable === null ? diagnostics : [asDiagnostic(file, unreadable)];
    for (const diagnostic of all) stdout.write(`${githubAnnotation(diagnostic, file)}\n`);
  }
}

function asDiagnostic(file: string, { code, message, hint }: PipelineError): Diagnostic {
  return {
    severity: 'error',
    code,
    path: '',
    message,
    hint: hint ?? null,
    location: { file, line: 1, column: 1, endColumn: 1 },
  };
}

/** `3 arms × 2 seeds = 6 trials`; without the product where arms have seeds of their own or share trials. */
function sizeOf(plan: Plan): string {
  const seeds = [...armTrials(plan)].map(({ trials }) => trials.length);
  const asked = seeds.reduce((sum, count) => sum + count, 0);
  const product = new Set(seeds).size === 1 ? ` × ${plural(seeds[0]!, 'seed')}` : '';
  const arms = `${plural(plan.arms.length, 'arm')}${product}`;
  const trials = plural(plan.trials.length, 'trial');
  if (asked > plan.trials.length) return `${arms}, ${trials}: arms that agree share theirs`;
  return `${arms}${product === '' ? ',' : ' ='} ${trials}`;
}

function countErrors(diagnostics: readonly Diagnostic[]): string {
  return plural(diagnostics.filter(({ severity }) => severity === 'error').length, 'error');
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
