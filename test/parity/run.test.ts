import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/parity/run.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/pytorch');

async function run(...args: string[]) {
  const lines: string[] = [];
  const code = await main(args, (line) => lines.push(line));
  return { code, lines };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-parity-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function changedCase(change: (example: Record<string, unknown>) => void) {
  const example = JSON.parse(await readFile(join(FIXTURES, 'train-lstm-adam-ce.json'), 'utf8'));
  change(example);
  await writeFile(join(folder, 'changed.json'), JSON.stringify(example));
}

describe('parity', () => {
  it.each(['unrolled', 'fused'])('passes every PyTorch case on the cpu engine, %s', async (implementation) => {
    const count = (await readdir(FIXTURES)).length;
    const { code, lines } = await run(FIXTURES, '--engine', 'cpu', '--implementation', implementation);
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(lines.at(-1)).toBe(`${count} passed, 0 failed`);
    expect(lines[0]).toBe(`cpu (javascript, 1 thread), ${implementation}`);
    expect(code).toBe(0);
  });

  it('counts a case that asks for something unsupported as failed', async () => {
    await copyFile(join(FIXTURES, 'layer-gru.json'), join(folder, 'a.json'));
    await changedCase((example) => {
      example.optimizer = 'lion';
    });
    await writeFile(join(folder, 'odd.json'), '{"kind": "transformer"}');
    await writeFile(join(folder, 'torn.json'), '{"kind": "lay');
    const { code, lines } = await run(folder, '--engine', 'cpu');
    expect(lines.at(-1)).toBe('1 passed, 3 failed');
    expect(lines).toContain(
      'FAILED changed: optimizer: expected one of adam, adamw, sgd, momentum, rmsprop, adagrad, found lion',
    );
    expect(lines).toContain('FAILED odd: kind "transformer" is not known');
    expect(code).toBe(1);
  });

  it('fails a case whose parameters are not the model’s', async () => {
    await changedCase((example) => {
      (example.init as Record<string, { shape: number[] }>)['fcs.1.bias']!.shape = [3];
    });
    expect((await run(folder, '--engine', 'cpu')).lines[1]).toBe(
      'FAILED changed: expected fcs.1.bias of shape [2], found [3]',
    );
  });

  it('fails a case whose numbers are further off than the tolerance', async () => {
    await changedCase((example) => {
      (example.losses as number[])[0]! += 1e-3;
    });
    const { lines } = await run(folder, '--engine', 'cpu');
    expect(lines[1]).toMatch(/^FAILED changed: largest relative error 1\.3e-3 \(losses\)$/);
  });

  it('explains bad arguments', async () => {
    expect(await run()).toMatchObject({ code: 2, lines: [expect.stringContaining('expected one folder, found 0')] });
    expect((await run(folder, '--implementation', 'magic')).lines[0]).toContain(
      'expected fused or unrolled, found magic',
    );
    expect((await run(folder)).lines[0]).toContain(`expected case files (*.json) in ${folder}, found none`);
    expect((await run(join(folder, 'no'))).code).toBe(2);
    expect((await run(folder, '--nope')).code).toBe(2);
  });
});
