import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/start-engine.js';
import type {
  Binding,
  OpAttribute,
  OutputMetadata,
  TensorflowBackend,
} from '../../../src/engine/tensorflow/backend.js';
import { checkCudnn } from '../../../src/engine/tensorflow/cudnn/choose-layer.js';
import {
  type CudnnMode,
  cudnnBackward,
  cudnnForward,
  cudnnParameterCount,
} from '../../../src/engine/tensorflow/cudnn/rnn-ops.js';
import { engineFolder, readInstallation } from '../../../src/engine/tensorflow/installation.js';
import { type Handle, type Ops, withOps } from '../../../src/engine/tensorflow/kernels/ops.js';
import { tf } from '../../../src/tf.js';
import { type CudnnCall, fakeCudnn } from './fake-cudnn.js';

const installation = await readInstallation(await engineFolder());

/**
 * TensorFlow looks at a call's operands, their types and its attributes before it looks for a kernel; a build without
 * CUDA has none of cuDNN's. So a call that is right but for the missing GPU ends with `no registered kernels`.
 */
describe.skipIf(installation === null || installation.cuda !== null)(
  "cuDNN's ops as the installed TensorFlow defines them",
  () => {
    beforeAll(async () => {
      await startEngine({ name: 'tensorflow', device: 'any', variant: null });
    });

    it.each([
      ['an LSTM', { cell: 'lstm', directions: 1, projection: null }],
      ['a bidirectional LSTM with a projection', { cell: 'lstm', directions: 2, projection: 2 }],
      ['a GRU', { cell: 'gru', directions: 1, projection: null }],
      ['an RNN', { cell: 'rnn', directions: 2, projection: null }],
    ] as const)('are called as they want to be, for %s', (_name, kind) => {
      const mode: CudnnMode = { ...kind, nonlinearity: 'relu', input: 3, hidden: 4 };
      for (const op of ['CudnnRNNV3', 'CudnnRNNBackpropV3', 'CudnnRNNParamsSize'] as const) {
        expect(errorOf((ops) => call(ops, op, mode))).toContain(
          `All kernels registered for op ${op}:\n  <no registered kernels>`,
        );
      }
    });

    it.each(['CudnnRNNV3', 'CudnnRNNBackpropV3', 'CudnnRNNParamsSize'] as const)(
      'know every attribute that %s is given',
      (op) => {
        const given = attributesOf(op);
        expect(given.length).toBeGreaterThan(7);
        for (const { name } of given) {
          // One of another type is refused; one that the op does not have would not even be looked at.
          let message = '';
          withCalls(
            (real) => (called, attributes, inputs, outputs) =>
              real(called, called === op ? mistyped(attributes, name) : attributes, inputs, outputs),
            () => {
              message = errorOf((ops) => call(ops, op, MODE));
            },
          );
          expect(message, name).toContain(`for attr '${name}'`);
        }
      },
    );

    it('refuse a call that is wrong for another reason than the missing GPU', () => {
      const message = errorOf((ops) => call(ops, 'CudnnRNNV3', { ...MODE, cell: 'lstmx' as 'lstm' }));
      expect(message).toContain(`Value for attr 'rnn_mode' of "lstmx" is not in the list of allowed values`);
    });

    it("agree with the composed layer where only cuDNN's own part is emulated", () => {
      const { binding } = tf.backend() as unknown as TensorflowBackend;
      const real = binding.executeOp.bind(binding);
      const shape = (id: number): number[] => {
        const out = { name: 'out_type', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 };
        const [made] = real('Shape', [out], [id], 1) as [OutputMetadata];
        const values = Array.from(binding.tensorDataSync(made.id));
        binding.deleteTensor(made.id);
        return values;
      };
      const calls: CudnnCall[] = [];
      const access = {
        shape,
        values: (id: number) => binding.tensorDataSync(id),
        create: (extents: readonly number[], values: Float32Array | Int32Array): OutputMetadata => {
          const dtype = values instanceof Int32Array ? binding.TF_INT32 : binding.TF_FLOAT;
          return { id: binding.createTensor(extents, dtype, values), shape: [...extents], dtype };
        },
      };
      const cudnn = fakeCudnn(access, calls, { garbage: Number.NaN });
      withCalls(
        (real) => (name, attributes, inputs, outputs) =>
          cudnn(name, attributes, inputs) ?? real(name, attributes, inputs, outputs),
        () => expect(checkCudnn()).toEqual([]),
      );
      expect(calls.length).toBe(3 * 20);
    });
  },
);

const MODE: CudnnMode = { cell: 'lstm', nonlinearity: 'tanh', directions: 1, input: 3, hidden: 4, projection: null };

function call(ops: Ops, op: Op, mode: CudnnMode): void {
  const floats = (...shape: number[]): Handle =>
    ops.floats(new Float32Array(shape.reduce((product, extent) => product * extent, 1)), shape);
  const [T, B, D, S] = [5, 2, mode.directions, mode.projection ?? mode.hidden];
  const lstm = mode.cell === 'lstm';
  const x = floats(T, B, mode.input);
  const h = floats(D, B, S);
  const c = lstm ? floats(D, B, mode.hidden) : ops.scalar(0);
  const operands = { x, h0: h, c0: c, parameters: floats(1000), lengths: ops.ints(Int32Array.of(T, 1), [B]) };
  const outputs = { output: floats(T, B, D * S), h, c, reserved: floats(9) };
  if (op === 'CudnnRNNV3') cudnnForward(ops, mode, operands, { training: true });
  else if (op === 'CudnnRNNBackpropV3') cudnnBackward(ops, mode, operands, outputs, outputs);
  else cudnnParameterCount(ops, mode);
}

function errorOf(use: (ops: Ops) => void): string {
  try {
    withOps(use);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error');
}

type ExecuteOp = Binding['executeOp'];
type Op = 'CudnnRNNV3' | 'CudnnRNNBackpropV3' | 'CudnnRNNParamsSize';

/** Runs `use` while calls of TensorFlow's ops go through `change`. */
function withCalls(change: (real: ExecuteOp) => ExecuteOp, use: () => void): void {
  const backend = tf.backend() as unknown as { binding: Binding };
  const real = backend.binding;
  const executeOp = change(real.executeOp.bind(real));
  // Not a property of the binding itself, which is read-only.
  backend.binding = Object.create(real, { executeOp: { value: executeOp } }) as Binding;
  try {
    use();
  } finally {
    backend.binding = real;
  }
}

function attributesOf(op: Op): readonly OpAttribute[] {
  let given: readonly OpAttribute[] = [];
  const note = (): ExecuteOp => (name, attributes) => {
    if (name !== op) return [{ id: -1, shape: [], dtype: 1 }];
    given = attributes;
    throw new Error('noted');
  };
  withCalls(note, () => errorOf((ops) => call(ops, op, MODE)));
  return given;
}

function mistyped(attributes: readonly OpAttribute[], name: string): OpAttribute[] {
  const { TF_ATTR_STRING, TF_ATTR_INT } = (tf.backend() as unknown as TensorflowBackend).binding;
  const wrong = (type: number) =>
    type === TF_ATTR_STRING ? { name, type: TF_ATTR_INT, value: 1 } : { name, type: TF_ATTR_STRING, value: 'x' };
  return attributes.map((attribute) => (attribute.name === name ? wrong(attribute.type) : attribute));
}
