import { constants } from 'node:os';
import type { Trial } from '../plan/plan.js';
import { executeRun, type RunOutcome } from '../run/execute-run.js';
import type { Executor } from '../run/executors/executor.js';
import { createInterruption, type Interruption } from '../run/interruption.js';
import { RunFolder } from '../run/run-folder.js';
import type { SchedulePolicy } from '../run/schedule-policy.js';
import { trialCost } from '../run/trial-cost.js';
import { checkClaimsOf } from './check-claims.js';
import type { CommandContext } from './command.js';
import { errorText } from './error-text.js';
import { nearPath } from './near-path.js';
import { runView } from './terminal/run-view.js';
import { trialMemory } from './trial-memory.js';

export interface RunSession {
  readonly folder: RunFolder;
  readonly jobs: number;
  readonly json: boolean;
  /** Whether to write report.md and print it. */
  readonly report: boolean;
  readonly executor: Executor;
  readonly policy?: Partial<SchedulePolicy>;
  /** Seconds that each trial may take, instead of what the plan says. */
  readonly timeout?: number;
  /** Trials to run again, by id. */
  readonly again?: ReadonlySet<string>;
  /** Signals that leave the run to the cluster instead of stopping it; by default those that nobody types. */
  readonly leaveOn?: readonly NodeJS.Signals[];
  /** Stop the run as soon as it is taken up. */
  readonly stop?: boolean;
  /** Whether no others run. */
  readonly onlyAgain?: boolean;
  /** Where relative paths of the data start, if not where the run began. */
  readonly workingDirectory?: string;
}

/**
 * Runs a run's open trials while the user watches, then reports. Exits with 0 when all trials are complete, 1 when some
 * are not, 3 when all are and a claim of the pipeline fails, 128 + the signal's number (130 for Ctrl-C) when it was interrupted.
 */
export async function runSession(session: RunSession, context: CommandContext): Promise<void> {
  const { jobs, json, report, executor, policy, timeout, again, onlyAgain = false, workingDirectory } = session;
  // Shown as the user would write it.
  const folder = new RunFolder(nearPath(session.folder.path));
  const interruption = createInterruption();
  if (session.stop === true) interruption.request('SIGINT');
  const leaveOn = executor.name === 'slurm' ? (session.leaveOn ?? ['SIGTERM', 'SIGHUP']) : [];
  const unbind = bindSignals(interruption, leaveOn);
  const view = runView(context, { json });
  let outcome: RunOutcome;
  try {
    outcome = await executeRun({
      folder,
      jobs,
      executor,
      interruption,
      policy: { cost: ({ config }) => trialCost(config), memory: trialMemory, ...policy },
      ...(timeout === undefined ? {} : { adjust: (trial) => withTimeout(trial, timeout) }),
      ...(again === undefined ? {} : { again }),
      ...(again === undefined || !onlyAgain ? {} : { only: again }),
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      emit: (event) => view.show(event),
    });
  } finally {
    view.close();
    unbind();
  }
  if (outcome.state === 'detached') {
    if (!json) context.stdout.write(`Run folder: ${folder.path}\n`);
    context.stderr.write(`Its jobs go on without this process. Come back with: sweep watch ${folder.path}\n`);
    return;
  }
  const interrupted = outcome.state === 'interrupted';
  const reported = !report || (await writeReportOf(folder, context, { print: !json && !interrupted }));
  const claimsHold = interrupted || (await checkClaimsOf(folder, context));
  if (!json) context.stdout.write(`Run folder: ${folder.path}\n`);
  if (interrupted) context.stderr.write(`Interrupted. Go on with: sweep resume ${folder.path}\n`);
  context.exit(exitCode(outcome, interruption) || (reported ? 0 : 1) || (claimsHold ? 0 : 3));
}

function withTimeout(trial: Trial, timeout: number): Trial {
  const { config } = trial;
  return { ...trial, config: { ...config, train: { ...config.train, timeout } } };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function bindSignals(interruption: Interruption, leaveOn: readonly NodeJS.Signals[]): () => void {
  const bound = SIGNALS.map((signal) => ({
    signal,
    listener: () => {
      if (leaveOn.includes(signal)) interruption.leave();
      // A lost terminal is told by the shell, by the system and by each write: that is not insistence.
      else if (signal !== 'SIGHUP' || interruption.level === null) interruption.request(signal);
    },
  }));
  for (const { signal, listener } of bound) process.on(signal, listener);
  return () => {
    const ending = interruption.level !== null || interruption.leaving.aborted;
    for (const { signal, listener } of bound) {
      // What is still to be written hangs up again where the terminal is lost.
      if (signal !== 'SIGHUP' || !ending) process.off(signal, listener);
    }
  };
}

/** False when the report cannot be made: the results are safe then, and `report` makes it later. */
async function writeReportOf(
  folder: RunFolder,
  { stdout, stderr }: CommandContext,
  { print }: { readonly print: boolean },
): Promise<boolean> {
  try {
    const { writeReport } = await import('../report/write-report.js');
    const { markdown } = await writeReport(folder.path);
    if (print) stdout.write(`${markdown.trimEnd()}\n\n`);
    return true;
  } catch (error) {
    stderr.write(errorText(error, { stream: stderr }));
    return false;
  }
}

function exitCode({ state }: RunOutcome, { signal }: Interruption): number {
  if (state === 'interrupted') return 128 + constants.signals[signal ?? 'SIGINT'];
  return state === 'complete' ? 0 : 1;
}
