import { readFile } from 'node:fs/promises';
import type { Plan } from '../../../plan/plan.js';
import type { JournalEvent } from '../../journal-events.js';
import { isFinal } from '../../retries.js';
import type { RunEvent } from '../../run-events.js';
import type { RunFolder } from '../../run-folder.js';
import { finishedRecord } from '../../trial-events.js';
import { slurmCluster } from './cluster.js';
import { hasEnded, isActive } from './queue-table.js';
import { readArray } from './slurm-folder.js';
import { readTrialLive, storyEvents, storyPaths } from './trial-story.js';

/** What happened in a run on a cluster since the process that followed it left. */
export interface Away {
  /** What the journal will be told once somebody follows the run again. */
  readonly events: readonly JournalEvent[];
  readonly live: readonly Extract<RunEvent, { readonly event: 'progress' }>[];
  readonly cluster: { readonly running: number; readonly waiting: number; readonly reasons: readonly string[] } | null;
  /** Whether tasks of it wait or run; where Slurm does not answer, whether trials are open. */
  readonly goesOn: boolean;
}

/** Reads the files of the trials that were submitted and are open; null for a run that was not left to a cluster. */
export async function readAway(folder: RunFolder, plan: Plan, events: readonly JournalEvent[]): Promise<Away | null> {
  const last = events.findLast(({ event }) => event === 'run-started' || event === 'run-finished');
  if (last?.event !== 'run-started' || last.executor !== 'slurm') return null;
  const submitted = events.filter((event) => event.event === 'submitted');
  const table = await slurmCluster().queue([...new Set(submitted.map(({ job }) => job))]);
  const states = [...(table?.values() ?? [])].filter((state) => !hasEnded(state));
  const running = states.filter(isActive).length;
  const waiting = states.filter((state) => !isActive(state));
  const reasons = [...new Set(waiting.map(({ reason }) => reason))].filter((reason) => reason !== '').sort();
  const news = await newsOfTrials(folder, plan, events);
  return {
    ...news,
    cluster: table === null ? null : { running, waiting: waiting.length, reasons },
    goesOn: table === null ? news.open > 0 : states.length > 0,
  };
}

async function newsOfTrials(folder: RunFolder, plan: Plan, events: readonly JournalEvent[]) {
  const finished = new Set<string>();
  const starts = new Map<string, number>();
  const assigned = new Set<string>();
  for (const event of events) {
    if (event.event === 'finished') finished.add(event.trial);
    if (event.event === 'started') starts.set(event.trial, (starts.get(event.trial) ?? 0) + 1);
    if (event.event !== 'submitted') continue;
    for (const id of (await readArray(folder, event.array))?.tasks.flat() ?? []) {
      assigned.add(id);
      finished.delete(id);
    }
  }
  const news: JournalEvent[] = [];
  const live: Extract<RunEvent, { readonly event: 'progress' }>[] = [];
  let open = 0;
  for (const trial of plan.trials) {
    const { id } = trial;
    if (!assigned.has(id) || finished.has(id)) continue;
    const result = await folder.readResult(trial);
    if (result !== null && isFinal(result)) {
      news.push({ time: '', ...finishedRecord(result, result.timing.total_seconds) } as JournalEvent);
      continue;
    }
    open++;
    const text = await readFile(storyPaths(folder, id).story, 'utf8').catch(() => '');
    const story = storyEvents(text.split('\n').slice(0, -1));
    const started = story.findLast((event) => event.event === 'started');
    if (started === undefined || story.at(-1)?.event === 'ended') continue;
    const { time, pid, job, host } = started;
    news.push({ time, event: 'started', trial: id, pid, attempt: (starts.get(id) ?? 0) + 1, job, host });
    const progress = (await readTrialLive(folder, id))?.progress;
    if (progress == null) continue;
    const { type, ...payload } = progress;
    live.push({ event: type, trial: id, ...payload });
  }
  return { events: news, live, open };
}
