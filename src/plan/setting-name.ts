import type { SettingValue } from './plan.js';
import type { PointName } from './point.js';

/** How one setting is called: `model.hidden=64` in labels, `hidden-64` in file names. */
export class SettingName implements PointName {
  readonly path: string;
  readonly value: SettingValue;
  #valueText: string | null = null;

  constructor(path: string, value: SettingValue) {
    this.path = path;
    this.value = value;
  }

  get text(): string {
    return `${this.path}=${this.valueText}`;
  }

  get slug(): string {
    const { path, value, valueText: text } = this;
    if (typeof value === 'string') return slugOf(text);
    const key = lastKeySlug(path);
    // Such a number is a slug as it is.
    return typeof value === 'number' && value >= 0 && value < 1e21 ? `${key}-${text}` : slugOf(`${key}-${text}`);
  }

  /** Kept, since writing a number takes longer than all else here. */
  private get valueText(): string {
    this.#valueText ??= textOf(this.value);
    return this.#valueText;
  }
}

/** The same, made once for all points that have the setting. */
export function settingName(path: string, value: SettingValue): PointName {
  const { text, slug } = new SettingName(path, value);
  return { text, slug, path };
}

/** The slug of a path's last key; a sweep has few paths. */
function lastKeySlug(path: string): string {
  let slug = lastKeySlugs.get(path);
  if (slug === undefined) {
    slug = slugOf(path.slice(path.lastIndexOf('.') + 1));
    if (lastKeySlugs.size < 1000) lastKeySlugs.set(path, slug);
  }
  return slug;
}

const lastKeySlugs = new Map<string, string>();

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

function textOf(value: SettingValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value).replaceAll('"', '');
}
