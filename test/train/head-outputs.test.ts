import { describe, expect, it } from 'vitest';
import { headOutputs } from '../../src/train/head-outputs.js';
import { createLoss } from '../../src/train/losses/create-loss.js';
import { lossConfig, modelConfig } from './configs.js';

const outputs = (type: Parameters<typeof lossConfig>[0]['type'] & string, classes: number, wanted: number | null) =>
  headOutputs(
    modelConfig({ head: { ...modelConfig({}).head, outputs: wanted } }),
    createLoss(lossConfig({ type }), classes),
  );

describe('the outputs of the last layer', () => {
  it('are those that the loss reads unless the head asks for more', () => {
    expect(outputs('cross_entropy', 4, null)).toBe(4);
    expect(outputs('cross_entropy', 4, 4)).toBe(4);
    expect(outputs('cross_entropy', 4, 6)).toBe(6);
    expect(outputs('ctc', 4, null)).toBe(5);
    expect(outputs('bce_with_logits', 2, 1)).toBe(1);
  });

  it.each(['cross_entropy', 'nll', 'label_smoothing', 'mse', 'hinge', 'focal'] as const)(
    'are refused where %s reads more',
    (type) => {
      expect(() => outputs(type, 4, 2)).toThrow('model.head.outputs: expected at least 4 outputs, found 2');
    },
  );

  it('are refused without the blank of ctc', () => {
    expect(() => outputs('ctc', 4, 4)).toThrow('model.head.outputs: expected at least 5 outputs, found 4');
  });
});
