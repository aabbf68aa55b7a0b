/** The instruction sets that the engines of the CPU were compiled for, slowest first. */
export const ENGINE_VARIANTS = {
  native: ['portable', 'avx2', 'avx512'],
  wasm: ['simd128', 'relaxed_simd'],
} as const;

export type NativeVariant = (typeof ENGINE_VARIANTS.native)[number];
export type WasmVariant = (typeof ENGINE_VARIANTS.wasm)[number];

/** Whether the engine has such a variant, on this machine or another. */
export function hasVariant(engine: keyof typeof ENGINE_VARIANTS, variant: string): boolean {
  return (ENGINE_VARIANTS[engine] as readonly string[]).includes(variant);
}
