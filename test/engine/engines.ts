import { startEngine } from '../../src/engine/start-engine.js';
import type { EngineConfig } from '../../src/plan/trial-config.js';

const engine = (name: EngineConfig['name'], variant: EngineConfig['variant'] = null): EngineConfig => ({
  name,
  variant,
  device: 'any',
});

/** Every fused engine that this machine can run: the native variants, wasm, and tensorflow where it is installed. */
export async function fusedEngines(): Promise<readonly EngineConfig[]> {
  const { nativeVariants } = await import('../../src/engine/kernels/native.js');
  const { wasmVariants } = await import('./kernels/libraries.js');
  const { engineFolder, readInstallation } = await import('../../src/engine/tensorflow/installation.js');
  const hasTensorflow = (await readInstallation(await engineFolder())) !== null;
  return [
    ...nativeVariants().map((variant) => engine('native', variant as EngineConfig['variant'])),
    ...wasmVariants().map((variant) => engine('wasm', variant)),
    ...(hasTensorflow ? [engine('tensorflow')] : []),
  ];
}

export const cpuEngine: EngineConfig = engine('cpu');

export function engineLabel({ name, variant }: EngineConfig): string {
  return variant === null ? name : `${name} (${variant})`;
}

export async function useEngine(config: EngineConfig): Promise<void> {
  await startEngine(config);
}
