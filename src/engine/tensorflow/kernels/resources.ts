import type { tf } from '../../../tf.js';
import { type TensorflowBackend, tensorflowBackend } from '../backend.js';
import type { Handle, Ops } from './ops.js';

/** A TensorFlow variable that stands behind a tfjs tensor. */
interface Resource {
  readonly handle: Handle;
  /** The tensor's handle when the variable was last read: with another, the tensor has been set anew. */
  readId: number;
}

const resources = new WeakMap<object, Resource>();
const hooked = new WeakSet<TensorflowBackend>();

/**
 * Runs `update` on TensorFlow variables that hold the tensors' values, and gives the tensors the new values. Nothing is
 * copied: the tensors let go of their values first, so that the training ops find each variable's memory unshared.
 */
export function updateResources(
  ops: Ops,
  tensors: readonly tf.TensorInfo[],
  update: (resources: readonly Handle[]) => void,
): void {
  releaseWithTensors(ops.backend);
  const { binding, tensorMap } = ops.backend;
  const held = tensors.map((tensor) => resourceOf(ops, tensor));
  for (const tensor of tensors) {
    const entry = tensorMap.get(tensor.dataId);
    binding.deleteTensor(entry.id);
    entry.id = -1;
  }
  try {
    update(held.map(({ handle }) => handle));
  } finally {
    tensors.forEach((tensor, n) => {
      const attributes = [ops.attribute.type('dtype', 'float')];
      const { id } = binding.executeOp('ReadVariableOp', attributes, [held[n]!.handle.id], 1)[0]!;
      held[n]!.readId = id;
      tensorMap.get(tensor.dataId).id = id;
    });
  }
}

/** The variable behind a tensor, holding the tensor's values. */
function resourceOf(ops: Ops, tensor: tf.TensorInfo): Resource {
  const { attribute, backend } = ops;
  const current = ops.of(tensor);
  const known = resources.get(tensor.dataId);
  if (known?.readId === current.id) return known;
  const dtype = attribute.type('dtype', 'float');
  const handle =
    known?.handle ??
    backend.binding.executeOp(
      'VarHandleOp',
      [
        attribute.text('container', ''),
        attribute.text('shared_name', ANONYMOUS),
        dtype,
        attribute.shape('shape', tensor.shape),
      ],
      [],
      1,
    )[0]!;
  // A copy: the values may lie in an array of JavaScript's, which must not change.
  ops.none('AssignVariableOp', [handle, ops.one('DeepCopy', [current])], [dtype]);
  const resource: Resource = { handle, readId: current.id };
  resources.set(tensor.dataId, resource);
  return resource;
}

/** TensorFlow's word for a variable of no name, which goes when its handle does. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** From now on a tensor's variable goes when the tensor does. */
function releaseWithTensors(backend: TensorflowBackend): void {
  if (hooked.has(backend)) return;
  hooked.add(backend);
  const target = backend as unknown as { disposeData(dataId: object, force?: boolean): boolean };
  const dispose = target.disposeData.bind(backend);
  target.disposeData = (dataId, force) => {
    const released = dispose(dataId, force);
    const resource = released ? resources.get(dataId) : undefined;
    if (resource !== undefined) {
      resources.delete(dataId);
      tensorflowBackend().binding.deleteTensor(resource.handle.id);
    }
    return released;
  };
}
