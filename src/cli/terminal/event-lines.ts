import type { RunEvent } from '../../run/run-events.js';
import type { EpochRecord } from '../../trial/result.js';
import { oneLine } from './display-width.js';
import { duration, figure, headline } from './figures.js';
import { FATES, tallyText } from './tally-text.js';

type Event<Name extends RunEvent['event']> = Extract<RunEvent, { readonly event: Name }>;

/** How to colour; the identity where there are no colours. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly weak: (text: string) => string;
}

export const noPaint: Paint = { good: (text) => text, bad: (text) => text, weak: (text) => text };

/** The lines that stay on a live view: starts and epochs are not among them. */
export function lastingLines(event: RunEvent, paint: Paint = noPaint): readonly string[] {
  switch (event.event) {
    case 'run-started':
      return [runStarted(event)];
    case 'finished':
      return finished(event, paint);
    case 'reused':
      return [`${paint.good('=')} ${event.trial} taken from ${event.from}`];
    case 'warning':
      return [`${paint.weak('!')} ${event.trial} ${oneLine(event.message)}`];
    case 'retrying':
      if (event.in_seconds === 0) return [`${paint.weak('↻')} ${event.trial} again: ${oneLine(event.reason)}`];
      return [`${paint.weak('↻')} ${event.trial} again in ${duration(event.in_seconds)} (attempt ${event.attempt})`];
    case 'submitted':
      return [
        `${paint.weak('→')} job ${event.job}: ${plural(event.trials, 'trial')} in ${plural(event.tasks, 'task')}`,
      ];
    case 'cluster':
      return [`${paint.weak('!')} ${oneLine(event.message)}`];
    case 'detached':
      return [`left to the cluster: ${tallyText(event.tally)}`];
    case 'skipped':
      return [`${paint.weak('–')} ${plural(event.trials.length, 'trial')} skipped: ${oneLine(event.reason)}`];
    case 'stopping':
      return [stopping(event)];
    case 'run-finished':
      return [`${tallyText(event.tally)} in ${duration(event.seconds)}`];
    default:
      return [];
  }
}

/** Every line that a run prints where there is no live view. */
export function plainLines(event: RunEvent): readonly string[] {
  switch (event.event) {
    case 'started':
      return [started(event)];
    case 'epoch':
      return [`  ${event.trial} epoch ${event.record.epoch}/${event.epochs} ${epochFigures(event.record)}`];
    default:
      return lastingLines(event);
  }
}

function runStarted({ run, trials, to_run, jobs, executor }: Event<'run-started'>): string {
  const count = to_run === trials ? plural(trials, 'trial') : `${to_run} of ${plural(trials, 'trial')} to run`;
  return executor === 'slurm' ? `run ${run}: ${count} on Slurm` : `run ${run}: ${count}, ${jobs} at once`;
}

function started({ trial, attempt, gpu }: Event<'started'>): string {
  return `  ${trial} started${gpu === undefined ? '' : ` on GPU ${gpu}`}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
}

function finished({ trial, state, seconds, metrics, error, log }: Event<'finished'>, paint: Paint): readonly string[] {
  if (state === 'complete') {
    return [`${paint.good('✓')} ${trial} ${headline(metrics) ?? 'complete'} in ${duration(seconds)}`];
  }
  if (state === 'cancelled' || state === 'skipped') {
    return [`${paint.weak('–')} ${trial} ${FATES[state]} after ${duration(seconds)}`];
  }
  const reason = (error?.message ?? 'no reason given').split('\n').map(oneLine);
  return [
    `${paint.bad('✗')} ${trial} ${FATES[state]} after ${duration(seconds)}: ${reason[0]}`,
    ...reason.slice(1).map((line) => `    ${line}`),
    `    log: ${log}`,
  ];
}

function stopping({ level }: Event<'stopping'>): string {
  return level === 'stop'
    ? 'stopping: the running trials end first; Ctrl-C again kills them'
    : 'killing the running trials';
}

function epochFigures(record: EpochRecord): string {
  const figures: string[] = [];
  for (const split of ['train', 'validation', 'test'] as const) {
    const metrics = record[split];
    if (metrics === undefined) continue;
    figures.push(`${split}.loss ${figure(metrics.loss)}`);
    const { accuracy, perplexity } = metrics;
    if (accuracy !== undefined) figures.push(`${split}.accuracy ${figure(accuracy)}`);
    else if (perplexity !== undefined) figures.push(`${split}.perplexity ${figure(perplexity)}`);
  }
  return `${figures.join(' ')} in ${duration(record.train_seconds + record.evaluate_seconds)}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
