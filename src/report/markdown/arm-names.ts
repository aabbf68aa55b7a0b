import type { Arm, SettingValue } from '../../plan/plan.js';
import { escapeInline } from './escape.js';

/** How the arms of a run are named in tables. */
export interface ArmNames {
  /** Settings that differ between arms and say all about them, or empty when arms have names of their own. */
  readonly paths: readonly string[];
  /** The value of a setting of an arm, escaped. */
  value(arm: Arm, path: string): string;
  /** A short name, escaped and unique in the run. */
  of(id: string): string;
  /** The same as plain text. */
  plain(id: string): string;
}

/** Names by the settings that vary, where the labels say no more than the settings do. */
export function armNames(arms: readonly Arm[]): ArmNames {
  const paths = arms.every(isNamedBySettings) ? varyingPaths(arms) : [];
  const names = shortNames(arms, paths);
  return {
    paths,
    value: (arm, path) => escapeInline(path in arm.settings ? settingText(arm.settings[path]!) : ''),
    of: (id) => escapeInline(names.get(id) ?? id),
    plain: (id) => names.get(id) ?? id,
  };
}

function isNamedBySettings({ label, settings }: Arm): boolean {
  const pairs = Object.entries(settings);
  return pairs.length > 0 && label === pairs.map(([path, value]) => `${path}=${settingText(value)}`).join(', ');
}

function varyingPaths(arms: readonly Arm[]): readonly string[] {
  const paths = new Set(arms.flatMap(({ settings }) => Object.keys(settings)));
  return [...paths].filter((path) => new Set(arms.map(({ settings }) => JSON.stringify(settings[path]))).size > 1);
}

function shortNames(arms: readonly Arm[], paths: readonly string[]): ReadonlyMap<string, string> {
  const shorts = arms.map((arm) => {
    const present = paths.filter((path) => path in arm.settings);
    const values = present.map((path) => shortSetting(path, arm.settings[path]!, paths.length === 1));
    return values.length === 0 ? arm.label : values.join(', ');
  });
  const unique = new Set(shorts).size === arms.length;
  return new Map(arms.map(({ id, label }, i) => [id, unique ? shorts[i]! : label]));
}

/** `lstm`, `bidirectional=true`: a word says what it is, a number or a truth does so with its key. */
function shortSetting(path: string, value: SettingValue, alone: boolean): string {
  const text = settingText(value);
  return alone || typeof value === 'string' ? text : `${path.slice(path.lastIndexOf('.') + 1)}=${text}`;
}

/** A setting's value as plain text: words as they are, the rest as JSON. */
export function settingText(value: SettingValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
