import type { Trial } from '../../../plan/plan.js';
import type { TrialResult } from '../../../trial/result.js';
import { type GrowingFile, growingFile } from '../../growing-file.js';
import type { JournalEvent } from '../../journal-events.js';
import type { RunFolder } from '../../run-folder.js';
import { type StoryEvent, storyEvents, storyPaths } from './trial-story.js';

type Started = Extract<StoryEvent, { readonly event: 'started' }>;
type Ended = Extract<StoryEvent, { readonly event: 'ended' }>;

/** A trial that has no final result yet, as the process that follows the run knows it. */
export interface OpenTrial {
  readonly trial: Trial;
  readonly story: GrowingFile;
  /** The last beginning that its story tells, and the end of that; null where there is none yet. */
  started: Started | null;
  ended: Ended | null;
  /** Beginnings and epochs of the last one that stand in the journal already. */
  readonly journaled: { starts: number; readonly epochs: Set<number> };
  /** Beginnings that were read, of all arrays. */
  starts: number;
  /** Attempts of all executions, the next one not counted. */
  attempts: number;
  /** How often this process has submitted it again because its task was lost or ran out of time. */
  requeues: number;
  retries: number;
  /** Not to be submitted before, in milliseconds of performance.now(). */
  notBefore: number;
  /** Asked to be cancelled. */
  cancelled: boolean;
}

/** What the journal says of each trial that ran on the cluster before. */
export function openTrials(
  folder: RunFolder,
  trials: readonly Trial[],
  events: readonly JournalEvent[],
): ReadonlyMap<string, OpenTrial> {
  const open = new Map<string, OpenTrial>(
    trials.map((trial) => [
      trial.id,
      {
        trial,
        story: growingFile(storyPaths(folder, trial.id).story),
        started: null,
        ended: null,
        journaled: { starts: 0, epochs: new Set<number>() },
        starts: 0,
        attempts: 0,
        requeues: 0,
        retries: 0,
        notBefore: 0,
        cancelled: false,
      },
    ]),
  );
  for (const event of events) {
    const known = 'trial' in event ? open.get(event.trial) : undefined;
    if (known === undefined) continue;
    if (event.event === 'started') {
      known.attempts++;
      known.journaled.epochs.clear();
      if (event.job !== undefined) known.journaled.starts++;
    } else if (event.event === 'epoch') {
      known.journaled.epochs.add(event.epoch);
    }
  }
  return open;
}

/** The new events of a trial's story that the journal does not have. */
export async function newsOf(open: OpenTrial): Promise<readonly StoryEvent[]> {
  const news: StoryEvent[] = [];
  for (const event of storyEvents(await open.story.lines())) {
    const { journaled } = open;
    if (event.event === 'started') {
      open.starts++;
      open.started = event;
      open.ended = null;
      if (open.starts > journaled.starts) {
        open.attempts++;
        journaled.epochs.clear();
        news.push(event);
      }
    } else if (event.event === 'epoch') {
      if (open.starts < journaled.starts || journaled.epochs.has(event.epoch)) continue;
      journaled.epochs.add(event.epoch);
      news.push(event);
    } else if (event.event === 'warning') {
      if (open.starts > journaled.starts) news.push(event);
    } else {
      open.ended = event;
    }
  }
  return news;
}

/** The end that an array's task wrote down for the trial, once its result can be seen as well. */
export function endIn(open: OpenTrial, array: number, result: TrialResult | null): Ended | null {
  const { started, ended } = open;
  if (started?.array !== array || ended === null || result?.state !== ended.state) return null;
  return ended;
}
