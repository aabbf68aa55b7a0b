import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file.js';
import type { Model } from '../model/model.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../model/safetensors.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { PartialEpoch, TrainingState } from './training-state.js';
import { copyWeights, restoreWeights } from './weights.js';

/** What a checkpoint holds besides the training's state. */
export interface CheckpointedTensors {
  readonly model: Model;
  readonly optimizer: Optimizer;
}

/** Saves a training and brings it back. */
export interface CheckpointStore {
  /** Seconds between saves, wherever in an epoch they fall; null saves at the end of every epoch. */
  readonly every_seconds: number | null;
  /** Sets parameters and optimiser to the newest sound checkpoint and returns its state; null when there is none. */
  load(tensors: CheckpointedTensors): Promise<TrainingState | null>;
  save(state: TrainingState, tensors: CheckpointedTensors): Promise<void>;
}

export interface CheckpointFolderOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly every_seconds?: number | null;
  /** The trial's hash: checkpoints of another configuration are not used. */
  readonly hash: string;
  readonly onWarning: (message: string) => void;
}

/** What stands beside the tensors, as JSON. */
interface Sidecar {
  readonly schema: 1;
  readonly hash: string;
  /** sha256 of the tensors' file and, behind it, of everything else here. */
  readonly digest: string;
  readonly optimizer_step: number;
  readonly state: Omit<TrainingState, 'best_weights' | 'partial'>;
  readonly partial: Omit<PartialEpoch, 'carried'> | null;
}

type Content = Omit<Sidecar, 'digest'>;

/** Checkpoints kept, so that a damaged one has another before it. */
const KEPT = 2;

/**
 * Checkpoints in a folder: `epoch-<n>.safetensors` (tensors under `model/`, `optimizer/`, `best/`, `carried/`) and
 * `epoch-<n>.json` with its digest; within an epoch `epoch-<n>-batch-<m>`, after m batches of the next one. The JSON is
 * written last: a pair without it was never finished. A save that fails is told as a warning: the training goes on.
 */
export function checkpointFolder(options: CheckpointFolderOptions): CheckpointStore {
  const { folder, hash, onWarning, every_seconds = null } = options;
  return {
    every_seconds,
    async load(tensors) {
      const places = (await savedPlaces(folder)).reverse();
      for (const [n, place] of places.entries()) {
        const found = await readCheckpoint(folder, place);
        if (typeof found === 'string') {
          const then =
            n + 1 < places.length ? 'going on from the one before it' : 'starting anew, as there is none before it';
          onWarning(`the checkpoint of ${placeText(place)} is damaged (${found}); ${then}`);
        } else if (found.sidecar.hash === hash) {
          return restore(found, tensors);
        }
      }
      return null;
    },
    async save(state, tensors) {
      try {
        await write(state, tensors, { folder, hash });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        onWarning(`a checkpoint cannot be written (${(error as Error).message}); going on without it`);
      }
    },
  };
}

async function write(
  { best_weights, partial, ...state }: TrainingState,
  tensors: CheckpointedTensors,
  { folder, hash }: Pick<CheckpointFolderOptions, 'folder' | 'hash'>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { carried = new Map<string, StoredTensor>(), ...position } = partial ?? {};
  const collected = collect(tensors, best_weights);
  for (const [name, tensor] of carried) collected.set(`carried/${name}`, tensor);
  const bytes = encodeSafetensors({ tensors: collected, metadata: {} });
  const content: Content = {
    schema: 1,
    hash,
    optimizer_step: tensors.optimizer.state().step,
    state,
    partial: partial === null ? null : (position as Omit<PartialEpoch, 'carried'>),
  };
  const sidecar: Sidecar = { digest: digestOf(bytes, content), ...content };
  const name = placeName({ epoch: state.epoch, batch: partial?.batches ?? 0 });
  await writeAtomically(join(folder, `${name}.safetensors`), bytes);
  await writeAtomically(join(folder, `${name}.json`), `${JSON.stringify(sidecar)}\n`);
  for (const old of (await savedPlaces(folder)).slice(0, -KEPT)) {
    await rm(join(folder, `${placeName(old)}.json`), { force: true });
    await rm(join(folder, `${placeName(old)}.safetensors`), { force: true });
  }
}

interface Checkpoint {
  readonly sidecar: Sidecar;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** The checkpoint of a place, or what is wrong with it. */
async function readCheckpoint(folder: string, place: Place): Promise<Checkpoint | string> {
  const path = join(folder, placeName(place));
  try {
    const sidecar = JSON.parse(await readFile(`${path}.json`, 'utf8')) as Sidecar;
    const bytes = await readFile(`${path}.safetensors`);
    const { digest: expected, ...content } = sidecar;
    const digest = digestOf(bytes, content);
    if (digest !== expected) return `expected sha256 ${expected}, found ${digest}`;
    return { sidecar, tensors: decodeSafetensors(bytes).tensors };
  } catch (error) {
    return (error as Error).message;
  }
}

function digestOf(tensors: Uint8Array, content: Content): string {
  return createHash('sha256').update(tensors).update(JSON.stringify(content)).digest('hex');
}

function restore({ sidecar, tensors }: Checkpoint, { model, optimizer }: CheckpointedTensors): TrainingState {
  restoreWeights(model.parameters, valuesUnder(tensors, 'model/'));
  optimizer.load(sidecar.optimizer_step, valuesUnder(tensors, 'optimizer/'));
  const best = valuesUnder(tensors, 'best/');
  const { state, partial } = sidecar;
  return {
    ...state,
    best_weights: best.size === 0 ? null : best,
    partial: partial === null ? null : { ...partial, carried: under(tensors, 'carried/') },
  };
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
  return new Map(Array.from(under(tensors, prefix), ([name, { data }]) => [name, data]));
}

function under(tensors: ReadonlyMap<string, StoredTensor>, prefix: string): Map<string, StoredTensor> {
  const found = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) if (name.startsWith(prefix)) found.set(name.slice(prefix.length), tensor);
  return found;
}

/** Where in the training a checkpoint stands: finished epochs, and batches of the one after them. */
interface Place {
  readonly epoch: number;
  readonly batch: number;
}

/** The finished checkpoints, ascending; none when there is no folder. */
async function savedPlaces(folder: string): Promise<Place[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const places = names.flatMap((name) => {
    const match = /^epoch-(\d+)(?:-batch-(\d+))?\.json$/.exec(name);
    return match === null ? [] : [{ epoch: Number(match[1]), batch: Number(match[2] ?? 0) }];
  });
  return places.sort((a, b) => a.epoch - b.epoch || a.batch - b.batch);
}

function placeName({ epoch, batch }: Place): string {
  return batch === 0 ? `epoch-${epoch}` : `epoch-${epoch}-batch-${batch}`;
}

function placeText({ epoch, batch }: Place): string {
  return batch === 0 ? `epoch ${epoch}` : `epoch ${epoch + 1}, batch ${batch}`;
}
