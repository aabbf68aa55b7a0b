import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/engine/start-engine.js';
import type { Model } from '../../src/model/model.js';
import { tf } from '../../src/tf.js';
import { checkpointFolder } from '../../src/train/checkpoint.js';
import { createOptimizer } from '../../src/train/optimizers/create-optimizer.js';
import type { Optimizer } from '../../src/train/optimizers/optimizer.js';
import { newTrainingState, type TrainingState } from '../../src/train/training-state.js';
import { optimizerConfig } from './configs.js';
import { epochRecord } from './epoch-record.js';

let folder: string;
let warnings: string[];

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sweepline-checkpoint-')), 'checkpoint');
  warnings = [];
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const store = (hash = 'f00d') => checkpointFolder({ folder, hash, onWarning: (message) => warnings.push(message) });

/** A model of one parameter, w, and its optimiser. */
function tensors(values: readonly number[]): { model: Model; optimizer: Optimizer } {
  const parameters = new Map([['w', tf.variable(tf.tensor1d([...values]))]]);
  const model: Model = {
    parameters,
    trainable: parameters,
    text: '',
    forward: () => {
      throw new Error('not part of this test');
    },
    dispose: () => {},
  };
  return { model, optimizer: createOptimizer(optimizerConfig({}), parameters) };
}

function update({ optimizer }: { optimizer: Optimizer }): void {
  optimizer.apply(new Map([['w', tf.tensor1d([0.1, -0.2, 0.3])]]), { lr: 0.1, scale: 1, clip_value: null });
}

async function saveEpochs(epochs: number): Promise<TrainingState> {
  const saved = tensors([1, 2, 3]);
  const state = newTrainingState();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    update(saved);
    state.epoch = epoch;
    state.step = 10 * epoch;
    state.update = 5 * epoch;
    state.history = [...state.history, epochRecord(epoch, { test: { loss: 1 / 3 } })];
    state.best_weights = new Map([['w', Float32Array.of(7, 8, epoch)]]);
    await store().save(state, saved);
  }
  return state;
}

describe('a checkpoint', () => {
  it('brings back parameters, optimiser, best weights and history, bit for bit', async () => {
    const state = await saveEpochs(2);
    const fresh = tensors([0, 0, 0]);
    expect(await store().load(fresh)).toEqual(state);

    const undisturbed = tensors([1, 2, 3]);
    for (let n = 0; n < 3; n++) update(undisturbed);
    update(fresh);
    expect(fresh.model.parameters.get('w')!.dataSync()).toEqual(undisturbed.model.parameters.get('w')!.dataSync());
    expect(fresh.optimizer.state().step).toBe(3);
  });

  it('is kept with the one before it and no other', async () => {
    await saveEpochs(4);
    expect(readdirSync(folder).sort()).toEqual([
      'epoch-3.json',
      'epoch-3.safetensors',
      'epoch-4.json',
      'epoch-4.safetensors',
    ]);
  });

  it('that is damaged gives way to the one before it, with a warning', async () => {
    await saveEpochs(3);
    writeFileSync(join(folder, 'epoch-3.safetensors'), 'torn');
    expect((await store().load(tensors([0, 0, 0])))!.epoch).toBe(2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^the checkpoint of epoch 3 is damaged \(expected sha256 [0-9a-f]{64}, found /);
  });

  it('that is damaged, with none before it, says that the training starts anew', async () => {
    await saveEpochs(1);
    writeFileSync(join(folder, 'epoch-1.safetensors'), 'torn');
    expect(await store().load(tensors([0, 0, 0]))).toBeNull();
    expect(warnings[0]).toMatch(/; starting anew, as there is none before it$/);
  });

  it('that was never finished does not count', async () => {
    await saveEpochs(2);
    writeFileSync(join(folder, 'epoch-3.safetensors'), 'torn');
    expect((await store().load(tensors([0, 0, 0])))!.epoch).toBe(2);
    expect(warnings).toEqual([]);
  });

  it('of another configuration is not used', async () => {
    await saveEpochs(1);
    expect(await store('beef').load(tensors([0, 0, 0]))).toBeNull();
  });

  it('is not there before the first epoch', async () => {
    expect(await store().load(tensors([0, 0, 0]))).toBeNull();
  });
});
