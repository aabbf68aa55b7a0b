import { arch } from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { loadWasmKernels } from '../../../src/engine/kernels/wasm.js';

const PROBE = fileURLToPath(new URL('../../../dist/engine/probe.js', import.meta.url));

async function probe(v8Flag: string, ...variant: readonly string[]) {
  const { stdout } = await execa(process.execPath, [v8Flag, PROBE, 'wasm', ...variant]);
  return JSON.parse(stdout);
}

describe('the wasm kernels', () => {
  it('load as the variant asked for', () => {
    expect(loadWasmKernels('simd128').variant).toBe('simd128');
    expect(() => loadWasmKernels('avx2' as 'simd128')).toThrow('the wasm kernels have no variant avx2');
  });

  // V8 leaves the instruction out of its compiled code as on a processor that lacks it.
  it.runIf(arch === 'x64')('are simd128 on a processor that rounds a product before it adds to it', async () => {
    expect(await probe('--no-enable-fma3')).toEqual({ works: true, variant: 'simd128' });
    expect(await probe('--no-enable-fma3', 'relaxed_simd')).toMatchObject({
      works: false,
      reason: expect.stringContaining('this processor rounds a product before it adds to it'),
    });
  });
});
