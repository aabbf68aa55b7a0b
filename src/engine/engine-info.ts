/** What did the maths, recorded with every trial. */
export interface EngineInfo {
  readonly name: 'native' | 'wasm' | 'tensorflow' | 'webgpu' | 'cpu';
  /** The instruction set or library version: `avx2`, `avx512`, `portable`, `relaxed_simd`, `simd128`, `javascript`. */
  readonly variant: string;
  readonly threads: number;
  /** The device's name; `cpu` for engines that have no other. */
  readonly device: string;
}
