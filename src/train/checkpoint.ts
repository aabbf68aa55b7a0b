import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../model/model.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../model/safetensors.js';
import { writeDurably } from './durable-file.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { TrainingState } from './training-state.js';
import { copyWeights, restoreWeights } from './weights.js';

/** What a checkpoint holds besides the training's state. */
export interface CheckpointedTensors {
  readonly model: Model;
  readonly optimizer: Optimizer;
}

/** Saves a training at the end of an epoch and brings it back. */
export interface CheckpointStore {
  /** Sets parameters and optimiser to the newest sound checkpoint and returns its state; null when there is none. */
  load(tensors: CheckpointedTensors): Promise<TrainingState | null>;
  save(state: TrainingState, tensors: CheckpointedTensors): Promise<void>;
}

export interface CheckpointFolderOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** The trial's hash: checkpoints of another configuration are not used. */
  readonly hash: string;
  readonly onWarning: (message: string) => void;
}

/** What stands beside the tensors, as JSON. */
interface Sidecar {
  readonly schema: 1;
  readonly hash: string;
  /** sha256 of the tensors' file. */
  readonly digest: string;
  readonly optimizer_step: number;
  readonly state: Omit<TrainingState, 'best_weights'>;
}

/** Checkpoints kept, so that a damaged one has another before it. */
const KEPT = 2;

/**
 * Checkpoints in a folder: `epoch-<n>.safetensors` (tensors under `model/`, `optimizer/`, `best/`) and `epoch-<n>.json`
 * with its digest. The JSON is written last: a pair without it was never finished.
 */
export function checkpointFolder({ folder, hash, onWarning }: CheckpointFolderOptions): CheckpointStore {
  return {
    async load(tensors) {
      for (const epoch of (await savedEpochs(folder)).reverse()) {
        const found = await readCheckpoint(folder, epoch);
        if (typeof found === 'string') {
          onWarning(`the checkpoint of epoch ${epoch} is damaged (${found}); going on from the one before it`);
        } else if (found.sidecar.hash === hash) {
          return restore(found, tensors);
        }
      }
      return null;
    },
    async save(state, tensors) {
      await mkdir(folder, { recursive: true });
      const { best_weights, ...rest } = state;
      const optimizer = tensors.optimizer.state();
      const bytes = encodeSafetensors({ tensors: collect(tensors, best_weights), metadata: {} });
      const digest = createHash('sha256').update(bytes).digest('hex');
      const sidecar: Sidecar = { schema: 1, hash, digest, optimizer_step: optimizer.step, state: rest };
      await writeDurably(join(folder, tensorsName(state.epoch)), bytes);
      await writeDurably(join(folder, sidecarName(state.epoch)), `${JSON.stringify(sidecar)}\n`);
      for (const old of (await savedEpochs(folder)).slice(0, -KEPT)) {
        await rm(join(folder, sidecarName(old)), { force: true });
        await rm(join(folder, tensorsName(old)), { force: true });
      }
    },
  };
}

interface Checkpoint {
  readonly sidecar: Sidecar;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** The checkpoint of an epoch, or what is wrong with it. */
async function readCheckpoint(folder: string, epoch: number): Promise<Checkpoint | string> {
  try {
    const sidecar = JSON.parse(await readFile(join(folder, sidecarName(epoch)), 'utf8')) as Sidecar;
    const bytes = await readFile(join(folder, tensorsName(epoch)));
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== sidecar.digest) return `expected sha256 ${sidecar.digest}, found ${digest}`;
    return { sidecar, tensors: decodeSafetensors(bytes).tensors };
  } catch (error) {
    return (error as Error).message;
  }
}

function restore({ sidecar, tensors }: Checkpoint, { model, optimizer }: CheckpointedTensors): TrainingState {
  restoreWeights(model.parameters, valuesUnder(tensors, 'model/'));
  optimizer.load(sidecar.optimizer_step, valuesUnder(tensors, 'optimizer/'));
  const best = valuesUnder(tensors, 'best/');
  return { ...sidecar.state, best_weights: best.size === 0 ? null : best };
}

function collect(
  { model, optimizer }: CheckpointedTensors,
  best: TrainingState['best_weights'],
): Map<string, StoredTensor> {
  const collected = new Map<string, StoredTensor>();
  for (const [name, data] of copyWeights(model.parameters)) {
    const { shape } = model.parameters.get(name)!;
    collected.set(`model/${name}`, { shape, data });
    if (best?.has(name)) collected.set(`best/${name}`, { shape, data: best.get(name)! });
  }
  const { slots } = optimizer.state();
  for (const [name, data] of copyWeights(slots)) {
    collected.set(`optimizer/${name}`, { shape: slots.get(name)!.shape, data });
  }
  return collected;
}

function valuesUnder(tensors: ReadonlyMap<string, StoredTensor>, prefix: string): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const [name, { data }] of tensors) if (name.startsWith(prefix)) values.set(name.slice(prefix.length), data);
  return values;
}

/** Epochs with a finished checkpoint, ascending; none when there is no folder. */
async function savedEpochs(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const epochs = names.map((name) => /^epoch-(\d+)\.json$/.exec(name)?.[1]).filter((epoch) => epoch !== undefined);
  return epochs.map(Number).sort((a, b) => a - b);
}

function tensorsName(epoch: number): string {
  return `epoch-${epoch}.safetensors`;
}

function sidecarName(epoch: number): string {
  return `epoch-${epoch}.json`;
}
