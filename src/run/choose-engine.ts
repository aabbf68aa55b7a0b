import { EngineError } from '../errors.js';
import type { EngineConfig } from '../plan/trial-config.js';
import { chooseTensorflow, isGpuThere } from './choose-tensorflow.js';
import { probeEngine } from './probe-engine.js';

export interface EngineChoice {
  /** With `auto` settled and the variant named. */
  readonly engine: EngineConfig;
  /** Whether it calculates on a GPU. */
  readonly gpu?: boolean;
  /** Of the engine tensorflow: where the user's own package lies, if it is that. */
  readonly folder?: string;
  readonly warnings: readonly string[];
}

export interface EngineWish {
  /** Whether the run's GPUs were named: engines that could use one must. */
  readonly gpu?: boolean;
}

/**
 * Settles, once for a whole run, which engine does the maths, so that every trial uses the same one: `auto` takes
 * tensorflow where it is installed and finds a GPU, else native where the addon works and wasm elsewhere. Loads no
 * engine into this process.
 * @throws EngineError when the engine asked for does not work here.
 */
export async function chooseEngine(config: EngineConfig, { gpu = false }: EngineWish = {}): Promise<EngineChoice> {
  if (config.name === 'tensorflow') return chooseTensorflow(config, { gpu });
  if (config.name === 'auto' && config.device !== 'cpu') {
    if (config.device === 'gpu' || gpu || (await isGpuThere())) return chooseTensorflow(config, { gpu });
  }
  if (config.name === 'wasm' || (config.name === 'auto' && isOfWasm(config.variant))) {
    const probe = await probeEngine('wasm', config.variant);
    if (probe.works) return chosen(config, 'wasm', probe.variant);
    throw new EngineError(`engine wasm does not work here: ${probe.reason}`, {
      code: 'ENGINE_UNAVAILABLE',
      hint: '`sweep doctor` shows which engines and variants work',
    });
  }
  if (config.name === 'auto' || config.name === 'native') {
    const probe = await probeEngine('native', config.variant);
    if (probe.works) return chosen(config, 'native', probe.variant);
    if (config.name === 'native') {
      throw new EngineError(`engine native does not work here: ${probe.reason}`, {
        code: 'ENGINE_UNAVAILABLE',
        hint: '`sweep doctor` shows which engines work; --engine wasm needs no compiler',
      });
    }
    const wasm = await probeEngine('wasm', null);
    if (!wasm.works) {
      throw new EngineError(`no engine works here: native: ${probe.reason}; wasm: ${wasm.reason}`, {
        code: 'ENGINE_UNAVAILABLE',
        hint: '--engine cpu is slow and works everywhere',
      });
    }
    const warning = `the native engine does not work here (${probe.reason}); the wasm engine is used instead`;
    return { ...chosen(config, 'wasm', wasm.variant), warnings: [warning] };
  }
  return { engine: config, warnings: [] };
}

function isOfWasm(variant: EngineConfig['variant']): boolean {
  return variant === 'simd128' || variant === 'relaxed_simd';
}

function chosen(config: EngineConfig, name: 'native' | 'wasm', variant: string): EngineChoice {
  return { engine: { ...config, name, variant: variant as EngineConfig['variant'] }, warnings: [] };
}
