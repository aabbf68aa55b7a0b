import type { Plan } from './plan.js';
import { armTrials, shareTrials } from './share-trials.js';
import type { TrialConfig } from './trial-config.js';
import { trialHash } from './trial-hash.js';

/** Batches of each pass: one to begin, one to go on from it, one that may be shorter. */
const BATCHES = 3;
const GENERATED = 5;

/**
 * The plan that shows in seconds whether a pipeline can run: every arm with its first seed, one epoch of a few batches.
 * Its trials are no trials of the pipeline: their hashes are others, and what it claims is not asked of them.
 */
export function smokePlan(plan: Plan): Plan {
  const shortened = new Map<TrialConfig, TrialConfig>();
  const arms = [...armTrials(plan)].map(({ arm, trials }) => ({
    arm,
    trials: trials.slice(0, 1).map((trial) => {
      const config = shortened.get(trial.config) ?? shorten(trial.config);
      shortened.set(trial.config, config);
      return { ...trial, config, hash: trialHash(config, trial.seed) };
    }),
  }));
  return { ...plan, ...shareTrials(arms), expect: [], report: smokeReport(plan.report ?? {}) };
}

function shorten(config: TrialConfig): TrialConfig {
  const { generate, train } = config;
  return {
    ...config,
    train: { ...train, epochs: 1, evaluate_every: 1, early_stopping: null, max_batches: BATCHES },
    generate: generate === null ? null : { ...generate, length: Math.min(generate.length, GENERATED) },
  };
}

/** Published figures are not for three batches; and nobody should take these for results. */
function smokeReport({ reference: _, ...report }: NonNullable<Plan['report']>): NonNullable<Plan['report']> {
  const zh = report.language === 'zh';
  const note = zh
    ? '**冒烟运行**：每种配置一个随机种子、三个批次。这些数值只说明每种配置都能运行。'
    : '**Smoke run**: one seed and three batches for each arm. The figures only show that every arm can run.';
  return { ...report, notes: [note, ...(report.notes ?? [])] };
}
