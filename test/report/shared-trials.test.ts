import { expect, it } from 'vitest';
import { loadRun } from '../../src/report/load/load-run.js';
import { summarise } from '../../src/report/summarise.js';
import { sampleRun, TWO_ARMS, writeRun } from './sample-run.js';

it('counts a trial that two arms share in each of them, and once in the run', async () => {
  const run = sampleRun({ arms: TWO_ARMS.slice(0, 1) });
  const trial_ids = run.plan.trials.map(({ id }) => id);
  run.plan = { ...run.plan, arms: TWO_ARMS.map((arm) => ({ ...arm, trial_ids })) };
  const { arms, run: facts } = summarise(await loadRun(writeRun(run)));
  expect(facts.trials).toEqual({ total: 3, complete: 3 });
  expect(arms.map(({ id, complete }) => [id, complete])).toEqual([
    ['001-lstm', 3],
    ['002-gru', 3],
  ]);
  expect(arms[1]!.metrics['test.accuracy']).toEqual(arms[0]!.metrics['test.accuracy']);
});

it('says which results were taken from an earlier run', async () => {
  const run = sampleRun({ arms: TWO_ARMS.slice(0, 1) });
  for (const [id, result] of run.results) {
    const warnings = ["taken from the run earlier: the timing is that run's"];
    run.results.set(id, { ...result, warnings, reused_from: `earlier/${id}` });
  }
  const { warnings, problems } = summarise(await loadRun(writeRun(run)));
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    {
      message: "taken from the run earlier: the timing is that run's",
      trials: ['001-lstm-s0', '001-lstm-s1', '001-lstm-s2'],
    },
  ]);
});
