import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Cell } from '../../src/plan/trial-config.js';
import { RESULTS_VERSION } from '../../src/plan/trial-hash.js';
import { runTrial } from '../../src/trial/run-trial.js';
import { modelConfig, trainConfig } from '../train/configs.js';
import { tinyJob, tinyReviews } from './tiny-job.js';

/**
 * Digests of the weights after small trainings on the wasm engine's simd128, whose bits are the same on every machine, by the
 * version of the results. A version's digests are never edited: where they change, earlier results are no longer those
 * of this code, and RESULTS_VERSION is raised, so that no run takes them over. Small trainings do not see every change of
 * a kernel: one that alters bits elsewhere raises the version too.
 */
const DIGESTS: { readonly [version: number]: { readonly [cell in Cell]: string } } = {
  4: {
    rnn: '1e58c851b1f77daf49b7e64d7c1db97dd663960d01b52d04f9392719d6d48420',
    gru: '132380ea9e1571c0599d83a1fe97ace06466a1783869899c125998260134b7d4',
    lstm: '2b505bb2acc3f1717ef339a459674d5f7a9beb4fc37fe0e7e1cf3b9870088755',
  },
};

it('other results have another version, so that earlier ones are not taken for them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-results-'));
  const cacheBefore = process.env.SWEEPLINE_CACHE;
  process.env.SWEEPLINE_CACHE = join(folder, 'cache');
  try {
    writeFileSync(join(folder, 'reviews.csv'), tinyReviews());
    const digests: { [cell: string]: string | undefined } = {};
    for (const cell of ['rnn', 'gru', 'lstm'] as const) {
      const job = tinyJob(folder, {
        engine: { name: 'wasm', device: 'any', variant: 'simd128' },
        model: modelConfig({ cell, layers: 2, bidirectional: true, dropout: 0.2, pooling: 'attention' }),
        train: trainConfig({ epochs: 2, clip_norm: 0.5 }),
      });
      const signal = new AbortController().signal;
      const result = await runTrial(job, { folder, signal, now: () => performance.now(), emit: () => {} });
      expect(result.state).toBe('complete');
      digests[cell] = result.weights_digest;
      for (const part of ['checkpoint', 'result.json', 'metrics.ndjson']) {
        rmSync(join(folder, part), { recursive: true, force: true });
      }
    }
    expect({ [RESULTS_VERSION]: digests }).toEqual({ [RESULTS_VERSION]: DIGESTS[RESULTS_VERSION] });
  } finally {
    if (cacheBefore === undefined) delete process.env.SWEEPLINE_CACHE;
    else process.env.SWEEPLINE_CACHE = cacheBefore;
    rmSync(folder, { recursive: true });
  }
});
