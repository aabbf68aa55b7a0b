import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { validPipeline } from '../pipeline/valid-pipeline.js';

it('a reader who has seen enough ends a long listing without an error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-reader-'));
  try {
    const file = join(folder, 'p.yaml');
    writeFileSync(file, validPipeline({ sweep: 'sweep: { max_trials: 20000, seeds: 20000 }' }));
    const child = spawn(process.execPath, [resolve('bin/sweep.js'), 'plan', file, '--runs', folder]);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
