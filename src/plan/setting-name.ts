import type { SettingValue } from './plan.js';
import type { PointName } from './point.js';

/** How one setting is called: `model.hidden=64` in labels, `hidden-64` in file names. */
export function settingName(path: string, value: SettingValue): PointName {
  const text = valueText(value);
  const key = path.slice(path.lastIndexOf('.') + 1);
  return { text: `${path}=${text}`, slug: slugOf(typeof value === 'string' ? text : `${key}-${text}`), path };
}

/** A name that is safe in a file name: lower-case letters, digits, dots and hyphens. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}

function valueText(value: SettingValue): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value).replaceAll('"', '');
}
