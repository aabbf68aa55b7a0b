import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.js';
import type { TrialConfig } from '../../src/plan/trial-config.js';
import { type PlanFile, planOf, planText } from '../../src/run/plan-file.js';
import { samplePlan, sampleRun, sampleTrial } from './sample-run.js';

const fileOf = (plan: Plan): PlanFile => JSON.parse(planText(plan));

describe('plan.json', () => {
  test('has each configuration once, whoever holds it, and gives the plan back', () => {
    const trials = [sampleTrial(0), sampleTrial(1), sampleTrial(2, 60), { ...sampleTrial(3), arm: '002-gru' }];
    const plan: Plan = { ...samplePlan(0), trials, description: null, expect: ['a "claim"'] };
    const file = fileOf(plan);
    expect(file.trials.map(({ config }) => config)).toEqual([0, 0, 1, 0]);
    expect(file.configs).toEqual([trials[0]!.config, trials[2]!.config]);
    expect(planOf(file)).toEqual(plan);
  });

  test('leaves out what the plan does not say, and has no trials where it has none', () => {
    expect(planOf(fileOf({ ...samplePlan(0), report: undefined } as unknown as Plan))).toEqual(samplePlan(0));
  });

  test('holds the trials of a large plan in a hundred bytes and a hash each', () => {
    const config = { data: { text: 'x'.repeat(4000) } } as unknown as TrialConfig;
    const trials = Array.from({ length: 1000 }, (_, seed) => ({ ...sampleTrial(seed), config, hash: 'h'.repeat(64) }));
    expect(planText({ ...samplePlan(0), trials }).length).toBeLessThan(1000 * 170 + 5000);
  });

  test('shares the configurations that it holds once, and does not copy them', () => {
    const plan = planOf(fileOf(samplePlan(2)))!;
    expect(plan.trials[0]!.config).toBe(plan.trials[1]!.config);
  });

  test('has the digests of the files that a configuration reads beside it, and none where none reads any', () => {
    const inputs = { data: 'a'.repeat(64), vectors: null };
    const trials = [{ ...sampleTrial(0), inputs }, { ...sampleTrial(1), inputs }, sampleTrial(2, 60)];
    const file = fileOf({ ...samplePlan(0), trials });
    expect(file.inputs).toEqual([inputs, null]);
    expect(planOf(file)?.trials).toEqual(trials);
    expect(fileOf(samplePlan(2))).not.toHaveProperty('inputs');
  });

  test('of version 1 is read as it is', async () => {
    const run = await sampleRun(2);
    await writeFile(run.planFile, JSON.stringify(samplePlan(2)));
    expect(await run.readPlan()).toEqual(samplePlan(2));
  });

  test('says that it is damaged where a configuration is not in it', async () => {
    const run = await sampleRun(2);
    await writeFile(run.planFile, JSON.stringify({ ...fileOf(samplePlan(2)), configs: [] }));
    await expect(run.readPlan()).rejects.toMatchObject({
      code: 'RUN_DAMAGED',
      message: expect.stringContaining('a trial without a configuration'),
    });
  });

  test.each([
    '{"schema":2}',
    '{"schema":1}',
    '{"schema":2,"arms":[],"trials":[null],"configs":[]}',
    '{"schema":2,"arms":[],"trials":[],"configs":{}}',
    '{"schema":1,"arms":[],"trials":[{"id":"001-lstm-s0"}]}',
  ])('says that it is damaged where it is JSON and no plan: %s', async (text) => {
    const run = await sampleRun(2);
    await writeFile(run.planFile, text);
    await expect(run.readPlan()).rejects.toMatchObject({
      code: 'RUN_DAMAGED',
      message: expect.stringContaining('no list of arms or trials, or a trial without a configuration'),
    });
  });
});
