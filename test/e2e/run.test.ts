import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wasmVariants } from '../engine/kernels/libraries.js';
import { createWorkplace, MOOD_PIPELINE, moodCsv, type Workplace } from './sweep-binary.js';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  place.write('mood.csv', moodCsv(300));
  place.write('mood.yaml', MOOD_PIPELINE);
});
afterAll(() => place.remove());

interface ReportJson {
  readonly arms: readonly { label: string; metrics: Record<string, { mean: number; n: number; values: number[] }> }[];
}

/** The digests of the final weights of the newest run, by trial. */
function weightDigests(): Record<string, string> {
  const trials = path.join(place.folder, 'runs/latest/trials');
  return Object.fromEntries(
    readdirSync(trials).map((id) => [
      id,
      (JSON.parse(readFileSync(path.join(trials, id, 'result.json'), 'utf8')) as { weights_digest: string })
        .weights_digest,
    ]),
  );
}

describe('sweep FILE', () => {
  it('trains every arm with every seed, prints the report and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await place.sweep('mood.yaml');
    expect(stderr).not.toContain('Internal error');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\| rnn +\|/m);
    expect(stdout).toContain('±');
    const json = await place.report('--format', 'json');
    const { arms } = JSON.parse(json.stdout) as ReportJson;
    expect(arms.map(({ label }) => label)).toEqual(['model.cell=rnn', 'model.cell=gru']);
    for (const { metrics } of arms) {
      expect(metrics['test.accuracy']!.n).toBe(2);
      expect(metrics['test.accuracy']!.mean).toBeGreaterThan(0.8);
    }
  });

  it('gives the same bits whatever --jobs, and others for another seed', async () => {
    await place.sweep('mood.yaml', '--jobs', '1');
    const alone = weightDigests();
    await place.sweep('mood.yaml', '--jobs', '4');
    expect(weightDigests()).toEqual(alone);
    expect(new Set(Object.values(alone)).size).toBe(4);
  });

  it.each(wasmVariants())('gives the committed bits on wasm (%s), the same wherever that runs', async (variant) => {
    const committed = {
      simd128: 'c9f3cbdf4b5b74dc105fe25ee428056776f5985c98a761bd3a4112a255b16ba3',
      relaxed_simd: '6b7cf1b30f1271b0cdfe25e176607e6991ef85f67dc24c1fe1021d6f421cd3d6',
    };
    const one = ['--set', 'sweep.grid={model.cell: [lstm]}', '--set', 'sweep.seeds=1'];
    await place.sweep('mood.yaml', '--engine', 'wasm', '--set', `engine.variant=${variant}`, ...one);
    expect(weightDigests()).toEqual({ '001-lstm-s0': committed[variant] });
  });

  it('ends with 2 and a frame for a mistake in the pipeline, having run nothing', async () => {
    place.write('wrong.yaml', MOOD_PIPELINE.replace('hidden: 8', 'hiden: 8'));
    const before = readdirSync(path.join(place.folder, 'runs')).length;
    const { exitCode, stderr } = await place.sweep('wrong.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('wrong.yaml:10:3');
    expect(stderr).toContain('hidden');
    expect(readdirSync(path.join(place.folder, 'runs')).length).toBe(before);
  });

  it('ends with 2 and a frame at the split that asks for more than the data has', async () => {
    place.write('greedy.yaml', MOOD_PIPELINE.replace('train: 240', 'train: 2400'));
    const { exitCode, stderr } = await place.sweep('greedy.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('greedy.yaml:5:19');
    expect(stderr).toContain('2400');
    expect(stderr).toContain('300');
  });

  it('ends with 1 when a trial diverges, and reports the others', async () => {
    const { exitCode, stdout } = await place.sweep(
      'mood.yaml',
      '--set',
      'sweep={list: [{name: calm}, {name: wild, set: {optimizer.type: sgd, optimizer.lr: 1e30, model.cell: rnn, model.nonlinearity: relu}}]}',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('calm');
    expect(stdout).toContain('diverged');
  });
});
