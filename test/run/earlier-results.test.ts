import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.js';
import { createRun } from '../../src/run/create-run.js';
import { earlierResults, takeEarlierResults } from '../../src/run/earlier-results.js';
import { executeRun } from '../../src/run/execute-run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { createInterruption } from '../../src/run/interruption.js';
import type { RunEvent } from '../../src/run/run-events.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { fakeWorker, sampleInfo, samplePlan, sampleRun } from './sample-run.js';

async function execute(folder: RunFolder): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  await executeRun({
    folder,
    jobs: 2,
    executor: localExecutor({ worker: fakeWorker }),
    interruption: createInterruption(),
    emit: (event) => events.push(event),
  });
  return events;
}

/** The first run's trials again under other names, and one more. */
function renamed(plan: Plan): Plan {
  const trials = plan.trials.map((trial) => ({ ...trial, id: `002-other-s${trial.seed}`, arm: '002-other' }));
  return { ...plan, arms: [{ id: '002-other', label: 'other', settings: {} }], trials };
}

const startRun = (runsFolder: string, plan: Plan) =>
  createRun({ runsFolder, plan, pipeline: 'name: sample\n', info: sampleInfo });

it('takes what an earlier run has finished, its timing kept, and runs the rest', async () => {
  const first = await sampleRun(2);
  await execute(first);
  const runs = join(first.path, '..');
  const plan = renamed(samplePlan(3));
  const second = await startRun(runs, plan);
  expect(await takeEarlierResults(second, plan, runs)).toEqual(['002-other-s0', '002-other-s1']);

  const before = JSON.parse(await readFile(first.trial('001-lstm-s0').result, 'utf8'));
  const taken = await second.readResult(plan.trials[0]!);
  expect(taken).toMatchObject({
    trial: '002-other-s0',
    arm: '002-other',
    reused_from: `${first.id}/001-lstm-s0`,
    timing: before.timing,
    metrics: before.metrics,
  });
  expect(taken?.warnings).toEqual([`taken from the run ${first.id}: the timing is that run's`]);

  const events = await execute(second);
  const named = (name: RunEvent['event']) =>
    events.flatMap((event) => (event.event === name && 'trial' in event ? [event.trial] : []));
  expect([named('reused'), named('started')]).toEqual([['002-other-s0', '002-other-s1'], ['002-other-s2']]);
  const finished = (await second.readJournal()).filter(({ event }) => event === 'finished');
  expect(finished.map((event) => ('reused_from' in event ? event.reused_from : null))).toEqual([
    `${first.id}/001-lstm-s0`,
    `${first.id}/001-lstm-s1`,
    null,
  ]);
});

it('names the run that did the work, however often its result was taken', async () => {
  const first = await sampleRun(1);
  await execute(first);
  const runs = join(first.path, '..');
  const plan = renamed(samplePlan(1));
  const second = await startRun(runs, plan);
  await takeEarlierResults(second, plan, runs);
  await rm(first.path, { recursive: true });
  const third = await startRun(runs, plan);
  await takeEarlierResults(third, plan, runs);
  expect((await third.readResult(plan.trials[0]!))?.reused_from).toBe(`${first.id}/001-lstm-s0`);
});

it('takes no result of another configuration, of a trial that failed, or of a run that cannot be read', async () => {
  const failed = await sampleRun(2, { '001-lstm-s0': [{ do: 'exit', code: 3 }] });
  await execute(failed);
  const runs = join(failed.path, '..');
  const broken = await startRun(runs, samplePlan(1));
  await writeFile(broken.planFile, '{');
  const found = await earlierResults(runs, new Set(['hash-0', 'hash-1', 'hash-9']));
  expect([...found.keys()]).toEqual(['hash-1']);
  expect(await earlierResults(join(runs, 'none'), new Set(['hash-1']))).toEqual(new Map());
});

it('takes no result of other data than the trial is planned on, whatever its hash says', async () => {
  const first = await sampleRun(2);
  await execute(first);
  const result = await first.readResult(samplePlan(2).trials[0]!);
  const data = { digest: '', vocabulary: 2, classes: [], counts: {} };
  await first.writeResult({ ...result!, data: { ...data, source_digest: 'old' } });
  const runs = join(first.path, '..');
  const trials = samplePlan(2).trials.map((trial) => ({ ...trial, inputs: { data: 'new', vectors: null } }));
  const second = await startRun(runs, { ...samplePlan(2), trials });
  expect(await takeEarlierResults(second, { ...samplePlan(2), trials }, runs)).toEqual(['001-lstm-s1']);
});
