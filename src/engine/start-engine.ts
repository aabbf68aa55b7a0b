import { EngineError } from '../errors.js';
import type { NativeVariant, WasmVariant } from '../plan/engine-variants.js';
import type { EngineConfig } from '../plan/trial-config.js';
import type { EngineInfo } from './engine-info.js';
import type { KernelLibrary } from './kernels/library.js';

/**
 * Makes an engine's tfjs backend current and says what it is. `auto` takes the first that loads: native, wasm. (A run
 * settles `auto` before its trials start, see src/run/choose-engine.ts, where an addon that crashes is caught as well.)
 * @throws EngineError when the engine asked for does not work here.
 */
export async function startEngine(config: EngineConfig): Promise<EngineInfo> {
  if (config.device === 'gpu' && config.name !== 'tensorflow') {
    throw new EngineError(`engine ${config.name} was asked for a GPU, and only the engine tensorflow uses one`, {
      code: 'ENGINE_NO_GPU',
      hint: 'use `engine: { name: tensorflow, device: gpu }`, or leave `device` out to run on the CPU',
    });
  }
  switch (config.name) {
    case 'cpu': {
      const { registerCpuEngine } = await import('./cpu/register.js');
      await registerCpuEngine();
      return { name: 'cpu', variant: 'javascript', threads: 1, device: 'cpu' };
    }
    case 'native':
      return startFused(await loadNative(config));
    case 'wasm':
      return startFused(await loadWasm(config));
    case 'auto':
      return startFused(await loadNative(config).catch(() => loadWasm({ ...config, variant: null })));
    case 'tensorflow': {
      const { registerTensorflowEngine } = await import('./tensorflow/register.js');
      return registerTensorflowEngine(config.device);
    }
    default:
      throw new EngineError(`engine ${config.name} is not supported yet`, {
        code: 'ENGINE_UNSUPPORTED',
        hint: 'use auto, native, wasm, tensorflow or cpu',
      });
  }
}

async function startFused(library: KernelLibrary): Promise<EngineInfo> {
  const { registerFusedEngine } = await import('./fused/register.js');
  await registerFusedEngine(library);
  return { name: library.name, variant: library.variant, threads: 1, device: 'cpu' };
}

async function loadNative({ variant }: EngineConfig): Promise<KernelLibrary> {
  const { loadNativeKernels } = await import('./kernels/native.js');
  return loadNativeKernels((variant as NativeVariant | null) ?? undefined);
}

async function loadWasm({ variant }: EngineConfig): Promise<KernelLibrary> {
  const { loadWasmKernels } = await import('./kernels/wasm.js');
  return loadWasmKernels((variant as WasmVariant | null) ?? undefined);
}
