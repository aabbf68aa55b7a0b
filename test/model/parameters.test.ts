import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parameterCounts, parameterSpecs } from '../../src/model/parameters.js';
import { modelConfig } from './example-config.js';

it('counts what the parameters of every model hold', () => {
  const embedding = fc.oneof(
    fc.constant('one_hot' as const),
    fc.record({ dim: fc.integer({ min: 1, max: 9 }), freeze: fc.boolean() }),
  );
  const model = fc.record({
    embedding,
    cell: fc.constantFrom('rnn' as const, 'gru' as const, 'lstm' as const),
    hidden: fc.integer({ min: 2, max: 9 }),
    layers: fc.integer({ min: 1, max: 4 }),
    bidirectional: fc.boolean(),
    bias: fc.constantFrom(true, false, 'input' as const),
    projected: fc.boolean(),
    pooling: fc.constantFrom('last' as const, 'attention' as const),
    widths: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
    every_step: fc.boolean(),
  });
  fc.assert(
    fc.property(model, ({ embedding: input, projected, widths, every_step, ...given }) => {
      const config = modelConfig({
        ...given,
        embedding: input === 'one_hot' ? input : { ...input, pretrained: null, dropout: 0 },
        projection: projected && given.cell === 'lstm' ? given.hidden - 1 : null,
        head: { hidden: widths, activation: 'relu', dropout: 0, outputs: null },
      });
      const sizes = { vocabulary: 11, outputs: 3, every_step };
      const specs = parameterSpecs(config, sizes);
      const sum = (counted: typeof specs): number =>
        counted.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
      expect(parameterCounts(config, sizes)).toEqual({
        all: sum(specs),
        trainable: sum(specs.filter(({ trainable }) => trainable)),
      });
    }),
    { seed: 1, numRuns: 300 },
  );
});
