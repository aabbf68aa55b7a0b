/** The operations that models and training use beyond tfjs's own: fused where the backend has a kernel, composed elsewhere. */
export { drawNormal } from './ops/draw-normal.js';
export { dropout } from './ops/dropout.js';
export { findFusedLayer } from './ops/fused-layer.js';
export { gatherRows } from './ops/gather-rows.js';
export { linear } from './ops/linear.js';
export { meanLoss } from './ops/mean-loss.js';
export { maxOverTime, meanOverTime } from './ops/pooling.js';
export { softmaxCrossEntropy } from './ops/softmax-cross-entropy.js';
