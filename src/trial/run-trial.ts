import { resourceUsage } from 'node:process';
import type { EngineInfo } from '../engine/engine-info.js';
import type { Trial } from '../plan/plan.js';
import type { EngineConfig } from '../plan/trial-config.js';
import { isDiskError } from './disk-error.js';
import type { TrialEvent, TrialJob } from './events.js';
import { cancelled, type Fate, fateOfError, fateOfTraining, timedOut } from './fate.js';
import { limitedSignal } from './limited-signal.js';
import type { EpochRecord, TrialResult } from './result.js';
import { summarizeData, summarizeEpochs } from './summaries.js';
import { trialFiles } from './trial-files.js';

export interface TrialContext {
  /** The trial's folder: metrics, checkpoints and the result go there. */
  readonly folder: string;
  /** Aborted: end as cancelled. */
  readonly signal: AbortSignal;
  /** A monotonic clock in milliseconds since the process started. */
  now(): number;
  emit(event: TrialEvent): void;
}

/** A result as it comes together. */
type Draft = { -readonly [key in keyof TrialResult]: TrialResult[key] };

/**
 * Runs one trial: engine and data at once, then the model, the training and the generated texts. Whatever happens ends
 * in a result, which is written to the folder, emitted and returned.
 */
export async function runTrial(job: TrialJob, context: TrialContext): Promise<TrialResult> {
  const files = trialFiles(context.folder);
  const draft = emptyResult(job.trial);
  const fate = await pursue(job, context, draft);
  const result: TrialResult = {
    ...draft,
    ...fate,
    timing: { ...draft.timing, ...summarizeEpochs(draft.epochs), total_seconds: context.now() / 1000 },
    peak_memory_bytes: resourceUsage().maxRSS * 1024,
  };
  await files.writeResult(result);
  if (result.state === 'complete') await files.removeCheckpoints();
  context.emit({ type: 'result', result });
  return result;
}

/** Runs the trial, filling in the draft on the way. */
async function pursue(
  { trial, working_directory, checkpoint_seconds = null }: TrialJob,
  context: TrialContext,
  draft: Draft,
): Promise<Fate> {
  const { config, seed, hash } = trial;
  const { signal, now } = context;
  const files = trialFiles(context.folder);
  const { timeout } = config.train;
  const deadline = timeout === null ? null : timeout * 1000;
  const loading = limitedSignal(signal, deadline === null ? null : deadline - now());
  const warnings: string[] = [];
  draft.warnings = warnings;

  const onWarning = (message: string): void => {
    if (warnings.includes(message)) return;
    warnings.push(message);
    context.emit({ type: 'warning', message });
  };
  const resetEpochs = async (epochs: readonly EpochRecord[]): Promise<void> => {
    draft.epochs = epochs;
    await files.startMetrics(epochs);
  };
  const emit = (event: TrialEvent): void => {
    if (event.type === 'epoch') {
      draft.epochs = [...draft.epochs, event.record];
      files.appendEpoch(event.record);
    }
    if (event.type === 'phase' && event.phase === 'train' && draft.timing.startup_seconds === 0) {
      draft.timing = { ...draft.timing, startup_seconds: now() / 1000 };
    }
    context.emit(event);
  };

  try {
    emit({ type: 'phase', phase: 'data' });
    const data = { seed, working_directory, signal: loading.signal, onWarning };
    const began = now();
    // Both take a good part of a second; neither needs the other.
    const [{ engine, trainTrial }, dataset] = await Promise.all([startEngine(trial), loadData(trial, data)]);
    draft.timing = { ...draft.timing, data_seconds: (now() - began) / 1000 };
    draft.engine = engine;
    draft.data = summarizeData(dataset);
    await resetEpochs([]);
    const trained = await trainTrial({
      config,
      seed,
      dataset,
      data: { ...data, planned_digest: trial.inputs?.vectors },
      checkpoints: {
        folder: files.checkpoint,
        hash,
        every_seconds: checkpoint_seconds,
        onWarning,
        onResume: resetEpochs,
      },
      context: { now, deadline, signal, emit },
      onModel: (model) => {
        draft.model = model;
      },
      onVectors: (vector_coverage) => {
        draft.data = { ...summarizeData(dataset), vector_coverage };
      },
    });
    draft.metrics = trained.outcome.metrics;
    draft.weights_digest = trained.weights_digest;
    if (trained.generated !== null) draft.generated = trained.generated;
    if (trained.predict_seconds !== null) {
      draft.timing = { ...draft.timing, predict_seconds: trained.predict_seconds };
    }
    return fateOfTraining(trained.outcome.stop, timeout);
  } catch (error) {
    // Not this trial's fault: another attempt may end otherwise.
    if (isDiskError(error)) throw error;
    if (signal.aborted) return cancelled();
    return loading.signal.aborted ? timedOut(timeout) : fateOfError(error);
  } finally {
    loading.clear();
  }
}

/** Loads what every trial on this engine needs, before its trial is known. What goes wrong is told by the trial. */
export async function warmUp(engine: EngineConfig): Promise<void> {
  await Promise.allSettled([engineOf(engine), import('./train-trial.js'), import('../data/load-dataset.js')]);
}

let warm: { readonly config: string; readonly info: Promise<EngineInfo> } | null = null;

function engineOf(engine: EngineConfig): Promise<EngineInfo> {
  const config = JSON.stringify(engine);
  if (warm?.config !== config) {
    const info = import('../engine/start-engine.js').then(({ startEngine }) => startEngine(engine));
    warm = { config, info };
  }
  return warm.info;
}

/** Loads tfjs and everything built on it, which data does not wait for. */
async function startEngine({ config }: Trial) {
  const [engineModule, trainModule] = await Promise.all([engineOf(config.engine), import('./train-trial.js')]);
  return { engine: engineModule, trainTrial: trainModule.trainTrial };
}

interface LoadOptions {
  readonly seed: number;
  readonly working_directory: string;
  readonly signal: AbortSignal;
  readonly onWarning: (message: string) => void;
}

async function loadData({ config, inputs }: Trial, options: LoadOptions) {
  const { loadDataset } = await import('../data/load-dataset.js');
  return loadDataset(config.data, { task: config.task, planned_digest: inputs?.data, ...options });
}

function emptyResult({ id, arm, seed, hash }: Trial): Draft {
  return {
    schema: 1,
    trial: id,
    arm,
    seed,
    hash,
    state: 'failed',
    metrics: {},
    epochs: [],
    timing: {
      total_seconds: 0,
      startup_seconds: 0,
      data_seconds: 0,
      train_seconds: 0,
      evaluate_seconds: 0,
      batches_per_second: 0,
      tokens_per_second: 0,
    },
    engine: null,
    model: null,
    data: null,
    peak_memory_bytes: 0,
    warnings: [],
  };
}
