import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkplace, MOOD_PIPELINE, moodCsv, type Workplace } from './sweep-binary.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const compiler = await execa('c++', ['--version'], { reject: false });

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace({ root: 'copy' });
  const copy = path.join(place.folder, 'copy');
  for (const part of ['bin', 'dist', 'schemas', 'package.json', 'kernels/relaxed_simd.wasm', 'kernels/simd128.wasm']) {
    cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  place.write('mood.csv', moodCsv(300));
  place.write('mood.yaml', MOOD_PIPELINE);
  if (!compiler.failed) await buildCrashingAddon(path.join(copy, 'kernels/build'));
});
afterAll(() => place.remove());

describe.skipIf(compiler.failed)('an addon that crashes when it is loaded', () => {
  it('is told by sweep doctor, with the signal', async () => {
    const { exitCode, stdout } = await place.sweep('doctor');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/native \(avx2\) +no +it crashes with SIGABRT when it is loaded/);
    expect(stdout).toContain('auto takes wasm');
  });

  it('makes a run fall back to wasm with a warning', async () => {
    const { exitCode, stdout, stderr } = await place.sweep(
      'mood.yaml',
      '--set',
      'sweep=null',
      '--set',
      'train.epochs=1',
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('crashes with SIGABRT');
    expect(stderr).toContain('the wasm engine is used instead');
    expect(stdout).toContain('Engine: wasm (');
  });

  it('fails with the reason when it is asked for by name', async () => {
    const { exitCode, stderr } = await place.sweep('mood.yaml', '--engine', 'native');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('engine native does not work here: it crashes with SIGABRT when it is loaded');
  });
});

/** An addon whose initialisation aborts. */
async function buildCrashingAddon(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const source = path.join(folder, 'crash.cpp');
  writeFileSync(source, '#include <cstdlib>\nextern "C" void* napi_register_module_v1(void*, void*) { abort(); }\n');
  const { include_dir } = createRequire(import.meta.url)('node-api-headers') as { include_dir: string };
  await execa('c++', ['-shared', '-fPIC', `-I${include_dir}`, source, '-o', path.join(folder, 'sweepline.node')]);
}
