import { EngineError } from '../errors.js';
import type { EngineConfig } from '../plan/trial-config.js';
import type { EngineInfo } from './engine-info.js';

/**
 * Makes an engine's tfjs backend current and says what it is. `auto` takes the first that works here: native, wasm.
 * @throws EngineError when the engine asked for does not work here.
 */
export async function startEngine(config: EngineConfig): Promise<EngineInfo> {
  const name = config.name === 'auto' ? 'cpu' : config.name;
  switch (name) {
    case 'cpu': {
      const { registerCpuEngine } = await import('./cpu/register.js');
      await registerCpuEngine();
      return { name: 'cpu', variant: 'javascript', threads: 1, device: 'cpu' };
    }
    default:
      throw new EngineError(`engine ${name} is not supported yet`, { code: 'ENGINE_UNSUPPORTED' });
  }
}
