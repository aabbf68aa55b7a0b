import { describe, expect, it } from 'vitest';
import { trialMemory } from '../../src/cli/trial-memory.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { createPlan } from '../../src/plan/create-plan.js';

/** Peaks in MB of training steps at IMDB's size (vocabulary 20,001, batch 64, 200 steps), measured. */
const PEAKS = [
  { engine: 'native', cell: 'lstm', hidden: 64, peak: 178 },
  { engine: 'native', cell: 'lstm', hidden: 256, peak: 356 },
  { engine: 'native', cell: 'lstm', hidden: 64, implementation: 'unrolled', peak: 390 },
  { engine: 'wasm', cell: 'gru', hidden: 256, peak: 348 },
  { engine: 'cpu', cell: 'lstm', hidden: 64, peak: 349 },
  { engine: 'tensorflow', cell: 'rnn', hidden: 64, peak: 549 },
  { engine: 'tensorflow', cell: 'gru', hidden: 64, peak: 717 },
  { engine: 'tensorflow', cell: 'lstm', hidden: 64, peak: 804 },
  { engine: 'tensorflow', cell: 'lstm', hidden: 256, peak: 1800 },
  { engine: 'tensorflow', cell: 'lstm', hidden: 64, implementation: 'unrolled', peak: 758 },
] as const;

describe('the memory that a trial needs', () => {
  it.each(PEAKS)('is near what a worker of $engine takes at its peak ($cell $hidden, $peak MB)', (measured) => {
    const estimate = memory(measured) / 1e6;
    expect(estimate).toBeGreaterThan(0.9 * measured.peak);
    expect(estimate).toBeLessThan(1.5 * measured.peak);
  });
});

function memory({
  engine,
  cell,
  hidden,
  implementation = 'fused',
}: {
  engine: string;
  cell: string;
  hidden: number;
  implementation?: string;
}) {
  const pipeline = {
    name: 'memory',
    engine,
    data: {
      source: { file: '-' },
      format: 'folders',
      train: { neg: '-', pos: '-' },
      vocabulary: { size: 19_999 },
      sequence: { length: 200 },
    },
    model: { embedding: { dim: hidden }, cell, hidden, pooling: 'last', head: { hidden: [64] }, implementation },
    optimizer: { type: 'adam', lr: 0.001 },
    train: { batch_size: 64 },
  };
  return trialMemory(createPlan(readPipeline({ file: 'memory', text: JSON.stringify(pipeline) })).trials[0]!);
}
