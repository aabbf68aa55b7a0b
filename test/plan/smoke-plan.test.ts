import { expect, test } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { createPlan } from '../../src/plan/create-plan.js';
import { smokePlan } from '../../src/plan/smoke-plan.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';

const text = validPipeline({
  x: 'train: { epochs: 40, evaluate_every: 5 }\nsweep: { seeds: 3, grid: { model.cell: [gru, lstm] } }\nexpect: ["test.accuracy > 0.9"]',
});

test('a smoke plan has every arm once, for one epoch of a few batches, and asks for no claim', () => {
  const plan = createPlan(readPipeline({ file: 'p.yaml', text }));
  const smoke = smokePlan(plan);
  expect(smoke.arms.map(({ label }) => label)).toEqual(plan.arms.map(({ label }) => label));
  expect(smoke.trials.map(({ arm, seed }) => [arm, seed])).toEqual(plan.arms.map(({ id }) => [id, 0]));
  for (const { config } of smoke.trials)
    expect(config.train).toMatchObject({ epochs: 1, evaluate_every: 1, max_batches: 3 });
  expect(smoke.expect).toEqual([]);
});

test('its trials are never taken for those of the pipeline', () => {
  const plan = createPlan(readPipeline({ file: 'p.yaml', text }));
  const hashes = new Set(plan.trials.map(({ hash }) => hash));
  for (const { hash } of smokePlan(plan).trials) expect(hashes.has(hash)).toBe(false);
});
