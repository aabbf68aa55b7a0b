import type { SettingValue } from './plan.js';
import type { PointName } from './point.js';

/** How one setting is called: `model.hidden=64` in labels, `hidden-64` in file names. */
export class SettingName implements PointName {
  readonly path: string;
  readonly value: SettingValue;

  constructor(path: string, value: SettingValue) {
    this.path = path;
    this.value = value;
  }

  get text(): string {
    return `${this.path}=${valueText(this.value)}`;
  }

  get slug(): string {
    const text = valueText(this.value);
    if (typeof this.value === 'string') return slugOf(text);
    return slugOf(`${this.path.slice(this.path.lastIndexOf('.') + 1)}-${text}`);
  }
}

/** The same, made once for all points that have the setting. */
export function settingName(path: string, value: SettingValue): PointName {
  const { text, slug } = new SettingName(path, value);
  return { text, slug, path };
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
