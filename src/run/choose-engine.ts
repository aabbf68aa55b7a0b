import { EngineError } from '../errors.js';
import { hasVariant } from '../plan/engine-variants.js';
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
  if (config.name === 'native' || config.name === 'wasm') return chosen(config, config.name);
  if (config.name !== 'auto') return { engine: config, warnings: [] };
  if (config.variant !== null && hasVariant('wasm', config.variant)) return chosen(config, 'wasm');
  const native = await probeEngine('native', config.variant);
  if (native.works) return settled(config, 'native', native.variant);
  const wasm = await probeEngine('wasm', null);
  if (!wasm.works) {
    throw new EngineError(`no engine works here: native: ${native.reason}; wasm: ${wasm.reason}`, {
      code: 'ENGINE_UNAVAILABLE',
      hint: '--engine cpu is slow and works everywhere',
    });
  }
  const warning = `the native engine does not work here (${native.reason}); the wasm engine is used instead`;
  return { ...settled(config, 'wasm', wasm.variant), warnings: [warning] };
}

/** The engine that was asked for, in the variant asked for or the best that works here. */
async function chosen(config: EngineConfig, name: 'native' | 'wasm'): Promise<EngineChoice> {
  const probe = await probeEngine(name, config.variant);
  if (probe.works) return settled(config, name, probe.variant);
  throw new EngineError(`engine ${name} does not work here: ${probe.reason}`, {
    code: 'ENGINE_UNAVAILABLE',
    hint: `\`sweep doctor\` shows which engines and variants work${name === 'native' ? '; --engine wasm needs no compiler' : ''}`,
  });
}

function settled(config: EngineConfig, name: 'native' | 'wasm', variant: string): EngineChoice {
  return { engine: { ...config, name, variant: variant as EngineConfig['variant'] }, warnings: [] };
}
