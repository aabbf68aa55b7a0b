import { armCheck, armError } from '../arm-problem.js';
import { ENGINE_VARIANTS, hasVariant } from '../engine-variants.js';

/** Whether the engine has the variant and the device that are asked for. */
export const engineCheck = armCheck(['engine'], ({ config: { engine } }) => {
  const { name, device, variant } = engine;
  if (variant !== null && (name === 'native' || name === 'wasm') && !hasVariant(name, variant)) {
    const hint = `It has ${ENGINE_VARIANTS[name].map((one) => `\`${one}\``).join(', ')}.`;
    return [armError('ENGINE_VARIANT', 'engine.variant', `the engine \`${name}\` has no variant \`${variant}\``, hint)];
  }
  if (device !== 'gpu' || name === 'tensorflow' || name === 'auto') return [];
  const hint = 'Only `tensorflow` does: use `engine: { name: tensorflow, device: gpu }`, or leave `device` out.';
  return [armError('ENGINE_DEVICE', 'engine.device', `the engine \`${name}\` does not calculate on a GPU`, hint)];
});
