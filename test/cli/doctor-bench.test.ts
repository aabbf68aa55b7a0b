import { expect, it } from 'vitest';
import { heaviestArm, timeOn } from '../../src/cli/engine-timings.js';

it('times the arm of a pipeline that computes most', () => {
  expect(heaviestArm('pipelines/imdb-cells.yaml').config.model.cell).toBe('lstm');
});

it.each(['pipelines/quickstart.yaml', 'pipelines/time-machine.yaml'])(
  'times training steps of the shapes of %s in a process of their own',
  async (file) => {
    const { config } = heaviestArm(file);
    const small = { ...config, model: { ...config.model, hidden: 8 }, train: { ...config.train, batch_size: 2 } };
    const { timing } = await timeOn('wasm (simd128)', small);
    expect(timing).toMatchObject({ works: true, device: 'cpu' });
    expect(timing.works && timing.steps_per_second).toBeGreaterThan(0);
  },
);

it('says why an engine does not train it', async () => {
  const { config } = heaviestArm('pipelines/quickstart.yaml');
  const { timing } = await timeOn('webgpu', config);
  expect(timing).toEqual({ works: false, reason: 'engine webgpu is not supported yet' });
});
