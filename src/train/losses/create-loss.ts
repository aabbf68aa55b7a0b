import { TrainError } from '../../errors.js';
import type { LossConfig } from '../../plan/trial-config.js';
import { binaryCrossEntropy } from './bce-with-logits.js';
import { crossEntropy } from './cross-entropy.js';
import { ctc } from './ctc.js';
import { focal } from './focal.js';
import { hinge } from './hinge.js';
import { labelSmoothing } from './label-smoothing.js';
import type { Loss } from './loss.js';
import { meanSquaredError } from './mse.js';
import { negativeLogLikelihood } from './nll.js';

/**
 * The loss that a configuration asks for, over `classes` classes (a language model: the vocabulary).
 * @throws TrainError when the loss cannot serve that many classes.
 */
export function createLoss(config: LossConfig, classes: number): Loss {
  const { class_weights } = config;
  switch (config.type) {
    case 'cross_entropy':
      return crossEntropy({ classes, class_weights: checkWeights(class_weights, classes) });
    case 'nll':
      return negativeLogLikelihood({ classes, class_weights: checkWeights(class_weights, classes) });
    case 'label_smoothing':
      return labelSmoothing({ classes, smoothing: config.smoothing });
    case 'bce_with_logits':
      if (classes !== 2) throw binaryOnly(classes);
      return binaryCrossEntropy({ pos_weight: config.pos_weight });
    case 'mse':
      return meanSquaredError({ classes });
    case 'hinge':
      return hinge({ classes, margin: config.margin });
    case 'focal':
      return focal({ classes, gamma: config.gamma });
    case 'ctc':
      return ctc({ classes });
  }
}

function checkWeights(weights: readonly number[] | null, classes: number): readonly number[] | null {
  if (weights === null || weights.length === classes) return weights;
  throw new TrainError(`loss.class_weights: expected ${classes} weights, one per class, found ${weights.length}`, {
    code: 'TRAIN_CLASS_WEIGHTS',
    hint: 'give one weight per class, in the order of the labels',
  });
}

function binaryOnly(classes: number): TrainError {
  return new TrainError(`loss bce_with_logits: expected 2 classes, found ${classes}`, {
    code: 'TRAIN_LOSS_CLASSES',
    hint: 'use cross_entropy for more than two classes',
  });
}
