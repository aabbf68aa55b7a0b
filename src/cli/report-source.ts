import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReportError, RunError } from '../errors.js';
import type { ArmConfigs } from '../expect/match-arm.js';
import { planPipeline, RefusedPlanError } from '../plan/create-plan.js';
import type { Arm, Plan } from '../plan/plan.js';
import type { PipelineSettings } from '../report/load/report-settings.js';
import type { ReportData } from '../report/report-data.js';
import { openRun } from '../run/open-run.js';

export interface ReportSource {
  readonly data: ReportData;
  /** Of the run's arms; empty where they are not known, as of a report that was read from a file. */
  readonly configs: ArmConfigs;
  /** The run folder; null for a report that was read from a file. */
  readonly folder: string | null;
}

export interface SourceOptions {
  /** The folder that holds the runs. */
  readonly runs: string;
  /** A pipeline whose report settings and claims take the place of the run's own. */
  readonly pipeline?: string;
}

/**
 * The report of what is named: a run, a report as JSON, or such a report as a Git commit has it (`main:docs/report.json`).
 * Throws a RunError or a ReportError when there is none.
 */
export async function openReport(reference: string, { runs, pipeline }: SourceOptions): Promise<ReportSource> {
  if (/\.json$/i.test(reference)) {
    const { readReportText } = await import('../report/load/read-report-file.js');
    const data = await readReportText(await textOf(reference), reference);
    if (pipeline === undefined) return { data, configs: new Map(), folder: null };
    const { laidOutAnew } = await import('../report/lay-out.js');
    const { plan, ...settings } = await settingsOf(pipeline);
    const configs = configsOf(data.arms, plan);
    return { data: laidOutAnew(data, { ...settings, configs }), configs, folder: null };
  }
  const folder = await runFolder(reference, runs);
  const [{ loadRun }, { summarise }] = await Promise.all([
    import('../report/load/load-run.js'),
    import('../report/summarise.js'),
  ]);
  const run = await loadRun(folder);
  const { configs } = run;
  if (pipeline === undefined) return { data: summarise(run), configs, folder };
  const { settings, claims } = await settingsOf(pipeline);
  return { data: summarise({ ...run, settings, claims }), configs, folder };
}

/** A folder that has lost its plan is no run to the rest of Sweepline, but may have results to report. */
async function runFolder(run: string, runsFolder: string): Promise<string> {
  try {
    return (await openRun(run, runsFolder)).path;
  } catch (error) {
    const path = resolve(run);
    const found = run === '' ? null : await stat(path).catch(() => null);
    if (error instanceof RunError && error.code === 'RUN_MISSING' && found?.isDirectory()) return path;
    throw error;
  }
}

async function textOf(reference: string): Promise<string> {
  try {
    return await readFile(reference, 'utf8');
  } catch (error) {
    const [, commit, path] = /^([^:]{2,}):(.+)$/.exec(reference) ?? [];
    if (commit !== undefined && path !== undefined) return committedText(commit, path);
    throw new ReportError(`expected a report at ${reference}: ${(error as Error).message}`, {
      code: 'REPORT_FILE',
      hint: 'name a run, a report as JSON, or COMMIT:PATH of one',
      cause: error,
    });
  }
}

async function committedText(commit: string, path: string): Promise<string> {
  const { execa } = await import('execa');
  // A commit that looks like an option is none.
  const shown = await execa('git', ['show', '--end-of-options', `${commit}:./${path}`], { reject: false });
  if (shown.exitCode === 0) return shown.stdout;
  throw new ReportError(
    `expected a report at ${commit}:${path}: ${shown.stderr.split('\n')[0] || 'git cannot be run'}`,
    {
      code: 'REPORT_FILE',
      hint: 'COMMIT:PATH names a file of a Git commit, its path from here',
    },
  );
}

async function settingsOf(path: string): Promise<PipelineSettings & { readonly plan: Plan }> {
  const [{ readPipelineFile }, { claimsOf, reportSettings }] = await Promise.all([
    import('./pipeline-file.js'),
    import('../report/load/report-settings.js'),
  ]);
  const file = readPipelineFile(path, []);
  const { plan, diagnostics } = planPipeline(file, { large: true });
  if (plan === null) throw new RefusedPlanError(file.file, diagnostics);
  return { plan, settings: reportSettings(plan.report, plan.description), claims: claimsOf(plan.expect) };
}

/** A report as JSON has the settings that the sweep set, and the pipeline all others of the arms that it has too. */
function configsOf(arms: readonly Arm[], plan: Plan): ArmConfigs {
  const keyOf = ({ label, settings }: Arm): string => JSON.stringify([label, settings]);
  const planned = new Map(plan.arms.map((arm) => [keyOf(arm), arm.trial_ids?.[0]]));
  const trials = new Map(plan.trials.map(({ id, config }) => [id, config]));
  return new Map(arms.map((arm) => [arm.id, trials.get(planned.get(keyOf(arm)) ?? '')]));
}
