import { getSetting } from '../pipeline/settings.js';
import { holds } from '../plan/condition.js';
import type { Arm, SettingValue } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';

/** An arm's label or id, or settings that it has. */
export type WantedArm = string | { readonly [path: string]: SettingValue };

/** The configuration of each arm, by arm id. */
export type ArmConfigs = ReadonlyMap<string, unknown>;

/** Finds arms and their settings, whether the sweep set these or they are the pipeline's own. */
export interface ArmFinder {
  /** Whether `wanted` means this arm: its label, its id, or settings that it has. */
  matches(arm: Arm, wanted: WantedArm): boolean;
  /** The value of a setting of an arm (`arm` is its label), null where it has none. */
  value(arm: Arm, path: string): SettingValue;
}

/** A finder that knows the arms' whole configurations, as far as the plan has them. */
export function armFinder(configs: ArmConfigs): ArmFinder {
  return {
    matches(arm, wanted) {
      if (typeof wanted === 'string') return arm.label === wanted || arm.id === wanted;
      return Object.entries(wanted).every(([path, value]) => hasSetting(arm, path, value));
    },
    value(arm, path) {
      if (path === 'arm') return arm.label;
      if (Object.hasOwn(arm.settings, path)) return arm.settings[path]!;
      return shortened((getSetting(configs.get(arm.id), path.split('.')) ?? null) as SettingValue);
    },
  };

  function hasSetting(arm: Arm, path: string, value: SettingValue): boolean {
    if (path === 'arm') return arm.label === value;
    const own = Object.hasOwn(arm.settings, path) ? arm.settings[path]! : undefined;
    if (JSON.stringify(own) === JSON.stringify(value)) return true;
    // A mapping may be written in a short form, which its configuration spells out.
    if (own !== undefined && (own === null || typeof own !== 'object')) return false;
    const config = configs.get(arm.id);
    return config !== undefined && holds({ [path]: value }, config as TrialConfig);
  }
}

/** `loss` of a configuration is `{type: nll, …}`: its type says it. */
function shortened(value: SettingValue): SettingValue {
  const type = value !== null && typeof value === 'object' && 'type' in value ? value.type : undefined;
  return typeof type === 'string' ? type : value;
}
