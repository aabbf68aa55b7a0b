import { tf } from '../../tf.js';
import type { RecurrentLayer } from '../recurrent-layer.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';
import { layerOperands, type RecurrentAttributes } from './recurrent-operands.js';

/** Layers of backends that have one of their own instead of the Recurrent kernel. */
const layers = new Map<string, RecurrentLayer>();

/** The current backend's fused recurrent layer, or null where only the composed one runs. */
export function findFusedLayer(): RecurrentLayer | null {
  return layers.get(tf.getBackend()) ?? (hasKernel(KERNEL.recurrent) ? fusedLayer : null);
}

/** Makes a layer the fused one of a backend. */
export function registerFusedLayer(backendName: string, layer: RecurrentLayer): void {
  layers.set(backendName, layer);
}

/** One kernel call for all directions and time steps of a layer. */
const fusedLayer: RecurrentLayer = (input, directions, state, options) => {
  const attributes: RecurrentAttributes = {
    ...options,
    size: input.size,
    time: input.time,
    lengths: input.lengths,
    present: {
      directions: directions.length,
      index: input.index !== null,
      bias_ih: directions[0]!.bias_ih !== null,
      bias_hh: directions[0]!.bias_hh !== null,
      weight_hr: directions[0]!.weight_hr !== null,
      h0: state.h !== null,
      c0: state.c !== null,
    },
  };
  const [, ...outputs] = runKernel(KERNEL.recurrent, layerOperands(input, directions, state), attributes);
  const count = directions.length;
  const states = outputs as tf.Tensor2D[];
  const lstm = options.cell === 'lstm';
  return {
    h: states.slice(0, count),
    c: lstm ? states.slice(count, 2 * count) : null,
    output: options.sequence ? (outputs[lstm ? 2 * count : count] as tf.Tensor3D) : null,
  };
};
