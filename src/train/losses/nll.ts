import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.js';
import type { Loss } from './loss.js';

/**
 * `nn.NLLLoss(weight=class_weights)` over `log_softmax`: the same function of the logits as cross entropy, so the same
 * kernel computes it and the two arms of a comparison differ by nothing but rounding.
 */
export function negativeLogLikelihood(options: CrossEntropyOptions): Loss {
  return crossEntropy(options);
}
