import type { Arm, SettingValue } from '../plan/plan.js';

/** Whether `wanted` means this arm: its label, its id, or settings that it has. */
export function matchesArm(arm: Arm, wanted: string | { readonly [path: string]: SettingValue }): boolean {
  if (typeof wanted === 'string') return arm.label === wanted || arm.id === wanted;
  return Object.entries(wanted).every(
    ([path, value]) => path in arm.settings && JSON.stringify(arm.settings[path]) === JSON.stringify(value),
  );
}
