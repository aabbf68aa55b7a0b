import type { SettingValue } from '../plan/plan.js';
import type { ReportArm } from './report-data.js';

/**
 * The settings by which arms of one group are matched with those of another: of `paths` all but the ones that every arm
 * of some groups has and no arm of the others, as an axis that `when` makes exist for one cell alone. Nothing could be
 * matched by these; they are averaged over where they exist.
 */
export function matchedPaths(paths: readonly string[], groups: readonly (readonly ReportArm[])[]): readonly string[] {
  return paths.filter((path) => {
    const having = groups.map((arms) => arms.filter(({ settings }) => Object.hasOwn(settings, path)).length);
    const whole = having.every((count, i) => count === 0 || count === groups[i]!.length);
    return !(whole && having.includes(0) && having.some((count) => count > 0));
  });
}

/** Each path with its value, as text; a path that is not set is not null. */
export function settingsText(settings: { readonly [path: string]: SettingValue }, paths: readonly string[]): string {
  return JSON.stringify(paths.flatMap((path) => (Object.hasOwn(settings, path) ? [[path, settings[path]]] : [])));
}
