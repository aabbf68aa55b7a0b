import { execFileSync } from 'node:child_process';
import { relative, resolve, sep } from 'node:path';
import { PlanError, RunError } from '../../errors.js';
import { readPipeline } from '../../pipeline/read-pipeline.js';
import { planPipeline, RefusedPlanError } from '../../plan/create-plan.js';
import type { Plan } from '../../plan/plan.js';
import { openRun } from '../../run/open-run.js';
import { chooseEngines } from '../choose-engines.js';
import { rememberText } from '../error-text.js';

export interface OtherPlanOptions {
  /** The pipeline file, as it is now. */
  readonly file: string;
  readonly overrides: readonly string[];
  readonly runsFolder: string;
}

/** Two plans that can be compared with each other. */
export interface Pair {
  readonly before: Plan;
  readonly after: Plan;
}

/**
 * What `plan` is to be compared with: the plan that a run froze, or the one of the same pipeline file at a Git commit.
 * A run has settled on an engine, and so the plan is settled too. Throws a PlanError where the reference is neither.
 */
export async function pairWith(plan: Plan, reference: string, options: OtherPlanOptions): Promise<Pair> {
  const run = await openRun(reference, options.runsFolder).catch((error: unknown) => {
    if (error instanceof RunError) return null;
    throw error;
  });
  if (run !== null) return { before: await run.readPlan(), after: (await chooseEngines(plan)).plan };
  return { before: planAt(reference, options), after: plan };
}

function planAt(reference: string, { file, overrides, runsFolder }: OtherPlanOptions): Plan {
  if (reference.startsWith('-') || git(['rev-parse', '--verify', '--quiet', `${reference}^{commit}`]) === null) {
    throw new PlanError(`expected a run in ${runsFolder} or a Git commit to compare with, found \`${reference}\``, {
      code: 'DIFF_REFERENCE',
      hint: 'For example `--diff latest`, `--diff HEAD~1` or `--diff main`.',
    });
  }
  const readFile = (path: string) => readAt(reference, path);
  const whole = readFile(file);
  if ('problem' in whole) {
    throw new PlanError(`expected ${file} at the commit ${reference}: ${whole.problem}`, {
      code: 'DIFF_FILE',
      hint: 'Name a commit that has the file.',
    });
  }
  const nameOf = (path: string): string => nameAt(reference, path);
  const read = readPipeline({ file, text: whole.text, overrides, readFile, nameOf });
  const { plan, diagnostics } = planPipeline(read, { large: true });
  if (plan === null) throw new RefusedPlanError(nameOf(file), diagnostics);
  return plan;
}

function nameAt(reference: string, path: string): string {
  return `${reference}:${path}`;
}

/** A file of a commit; what lies outside of the repository is none of its files, and is not read. */
function readAt(reference: string, path: string): { readonly text: string } | { readonly problem: string } {
  const root = git(['rev-parse', '--show-toplevel'])?.trim();
  if (root === undefined) return { problem: 'this is no Git repository' };
  const inside = relative(root, resolve(path));
  if (inside.startsWith('..') || resolve(inside) === inside) return { problem: 'it lies outside of the repository' };
  const text = git(['show', `${reference}:${inside.split(sep).join('/')}`]);
  if (text === null) return { problem: 'the commit has no such file' };
  rememberText(nameAt(reference, path), text);
  return { text };
}

/** What git prints, or null when it fails. */
function git(args: readonly string[]): string | null {
  try {
    return execFileSync('git', [...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 26,
    });
  } catch {
    return null;
  }
}
