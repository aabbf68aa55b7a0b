import { armCheck, armError } from '../arm-problem.js';

/** Whether the engine has the device that is asked for. */
export const engineCheck = armCheck(['engine'], ({ config: { engine } }) => {
  const { name, device } = engine;
  if (device !== 'gpu' || name === 'tensorflow' || name === 'auto') return [];
  const hint = 'Only `tensorflow` does: use `engine: { name: tensorflow, device: gpu }`, or leave `device` out.';
  return [armError('ENGINE_DEVICE', 'engine.device', `the engine \`${name}\` does not calculate on a GPU`, hint)];
});
