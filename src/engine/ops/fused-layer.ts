import type { RecurrentLayer } from '../recurrent-layer.js';
import { hasKernel, KERNEL } from './kernel-names.js';

/** The current backend's fused recurrent layer, or null where only the composed one runs. */
export function findFusedLayer(): RecurrentLayer | null {
  return hasKernel(KERNEL.recurrent) ? null : null;
}
