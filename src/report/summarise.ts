import type { Arm } from '../plan/plan.js';
import { ablationEffects } from './ablation/effects.js';
import { axisImportance } from './ablation/importance.js';
import { engineText } from './engine-text.js';
import { groupBy } from './group.js';
import { layOut } from './lay-out.js';
import type { ReportData, ReportDataset, ReportFailure, ReportRun, ReportWarning } from './report-data.js';
import type { RunData, TrialData } from './run-data.js';
import { summariseArm } from './summarise-arm.js';
import { withoutPlaces } from './without-places.js';

/** A run in figures. Pure: the same run gives the same figures. */
export function summarise(run: RunData): ReportData {
  const byId = new Map(run.trials.map((trial) => [trial.id, trial]));
  const trialsOf = groupBy(run.trials, ({ arm }) => arm);
  const arms = run.arms.map((arm) => {
    const listed = arm.trial_ids?.flatMap((id) => byId.get(id) ?? []);
    return summariseArm(arm, listed ?? trialsOf.get(arm.id) ?? []);
  });
  const { settings, claims, configs } = run;
  const { misnamed, ...laidOut } = layOut(arms, { settings, claims, configs });
  return withoutPlaces({
    schema: 1,
    run: describeRun(run, arms),
    arms,
    ...laidOut,
    ablation: ablationEffects(run.sweep, arms),
    importance: axisImportance(arms),
    failures: run.trials.flatMap(failureOf),
    warnings: warningsOf(run.trials),
    problems: [...run.problems, ...misnamed],
  });
}

function describeRun({ id, info, clock, settings, task, sources, trials }: RunData, arms: readonly Arm[]): ReportRun {
  const name = info?.name || id;
  const states: { [state: string]: number } = {};
  for (const { state } of trials) states[state] = (states[state] ?? 0) + 1;
  return {
    id,
    name,
    title: settings.title ?? name,
    description: settings.description,
    task,
    sources,
    info,
    clock,
    trials: { total: trials.length, ...states },
    seeds: distinct(trials.map(({ seed }) => seed)).sort((a, b) => a - b),
    engines: distinct(trials.flatMap(({ result }) => (result?.engine ? [engineText(result.engine)] : []))),
    datasets: datasetsOf(arms, trials),
  };
}

function datasetsOf(arms: readonly Arm[], trials: readonly TrialData[]): readonly ReportDataset[] {
  const byDigest = groupBy(
    trials.filter(({ result }) => result?.data),
    ({ result }) => result!.data!.digest,
  );
  return [...byDigest.values()].map((sharing) => {
    const { class_counts, vector_coverage: _, ...data } = sharing[0]!.result!.data!;
    const names = new Set(sharing.map(({ arm }) => arm));
    return {
      ...data,
      class_counts: class_counts ?? null,
      arms: arms.filter(({ id }) => names.has(id)).map(({ id }) => id),
    };
  });
}

function failureOf(trial: TrialData): readonly ReportFailure[] {
  const { id, arm, seed, state, result, last_epoch, epochs_planned } = trial;
  if (state === 'complete') return [];
  return [
    {
      trial: id,
      arm,
      seed,
      state,
      code: result?.error?.code ?? null,
      message: result?.error?.message ?? trial.error,
      hint: result?.error?.hint ?? null,
      last_epoch,
      epochs_planned,
      log: state === 'pending' || state === 'skipped' ? null : `trials/${id}/log.txt`,
    },
  ];
}

function warningsOf(trials: readonly TrialData[]): readonly ReportWarning[] {
  const trialsByMessage = new Map<string, Set<string>>();
  for (const { id, result } of trials) {
    for (const message of result?.warnings ?? []) {
      const sharing = trialsByMessage.get(message) ?? new Set();
      trialsByMessage.set(message, sharing.add(id));
    }
  }
  return [...trialsByMessage].map(([message, sharing]) => ({ message, trials: [...sharing] }));
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
