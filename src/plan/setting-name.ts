import type { SettingValue } from './plan.js';
import type { PointName, Setting } from './point.js';

/** How one setting is called: `model.hidden=64` in labels, `hidden-64` in file names. */
export function settingName(path: string, value: SettingValue): PointName {
  const text = valueText(value);
  const key = path.slice(path.lastIndexOf('.') + 1);
  return { text: `${path}=${text}`, slug: slugOf(typeof value === 'string' ? text : `${key}-${text}`), path };
}

/** What a part of a point's name says. */
export function nameText(name: PointName | Setting): string {
  return 'text' in name ? name.text : `${name.path}=${valueText(name.value)}`;
}

/** A part of a point's name, safe in a file name. */
export function nameSlug(name: PointName | Setting): string {
  return 'text' in name ? name.slug : settingName(name.path, name.value).slug;
}

/** A name that is safe in a file name: lower-case letters, digits, dots and hyphens. */
export function slugOf(name: string): string {
  if (SLUG.test(name)) return name;
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}

/** What stays as it is: most settings are numbers, and a sweep may have a hundred thousand. */
const SLUG = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

function valueText(value: SettingValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value).replaceAll('"', '');
}
