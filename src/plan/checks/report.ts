import { type ArmFinder, armFinder, type WantedArm } from '../../expect/match-arm.js';
import { mapping, members } from '../../pipeline/checks/plain-data.js';
import type { Diagnostic } from '../../pipeline/diagnostic.js';
import { isOverride, overridden } from '../../pipeline/overrides.js';
import { type Path, pathText } from '../../pipeline/path.js';
import { locateKey, locateValue, type Position } from '../../pipeline/positions.js';
import { armsHint, type ConfiguredArm, type Mistake, unmeasured } from './measured.js';

interface Found extends Mistake {
  readonly code: string;
  readonly path: Path;
  readonly at: 'value' | 'key';
}

/**
 * What the report is to show and the plan does not have: arms, and figures that none of them measures. A warning where
 * `--set` changed the pipeline, which may have narrowed it to a part that is tried.
 */
export function checkReport(
  report: unknown,
  planned: () => readonly ConfiguredArm[],
  positions: Position,
): readonly Diagnostic[] {
  const { baseline, tables, reference } = mapping(report);
  if (baseline === undefined && tables === undefined && reference === undefined) return [];
  const arms = planned();
  const finder = armFinder(new Map(arms.map(({ arm, config }) => [arm.id, config])));
  const context = { arms, finder };
  const found = [
    ...missingArm(baseline, ['report', 'baseline'], context),
    ...members(tables).flatMap((table, n) => inTable(mapping(table), ['report', 'tables', n], context)),
    ...members(reference).flatMap((entry, n) => inReference(mapping(entry), ['report', 'reference', n], context)),
  ];
  if (found.length === 0) return [];
  const changed = overridden(positions);
  return found.map(({ code, path, at, message, hint }) => {
    const location = at === 'key' ? locateKey(positions, path) : locateValue(positions, path);
    const severity = changed && !isOverride(location.file) ? 'warning' : 'error';
    return { severity, code, path: pathText(path), message: `\`${pathText(path)}\`: ${message}`, hint, location };
  });
}

interface Context {
  readonly arms: readonly ConfiguredArm[];
  readonly finder: ArmFinder;
}

interface Fields {
  readonly [key: string]: unknown;
}

function inTable({ metric, baseline }: Fields, path: Path, context: Context): readonly Found[] {
  return [
    ...notMeasured(metric, context.arms, { path: [...path, 'metric'], at: 'value' }),
    ...missingArm(baseline, [...path, 'baseline'], context),
  ];
}

function inReference({ arm: wanted, metrics }: Fields, path: Path, context: Context): readonly Found[] {
  const missing = missingArm(wanted, [...path, 'arm'], context);
  if (missing.length > 0) return missing;
  const meant = context.arms.filter(({ arm }) => context.finder.matches(arm, wanted as WantedArm));
  return Object.keys(mapping(metrics)).flatMap((metric) =>
    notMeasured(metric, meant, { path: [...path, 'metrics', metric], at: 'key' }),
  );
}

function missingArm(wanted: unknown, path: Path, { arms, finder }: Context): readonly Found[] {
  if (wanted == null || arms.some(({ arm }) => finder.matches(arm, wanted as WantedArm))) return [];
  const message = 'no arm of the sweep is meant by this';
  return [{ code: 'REPORT_ARM', path, at: 'value', message, hint: armsHint(wanted, arms) }];
}

/** A figure that none of the arms measures; those that do are shown, and the others without it. */
function notMeasured(
  metric: unknown,
  arms: readonly ConfiguredArm[],
  place: Pick<Found, 'path' | 'at'>,
): readonly Found[] {
  if (typeof metric !== 'string' || arms.some((arm) => unmeasured(metric, [arm]) === null)) return [];
  return [{ code: 'REPORT_METRIC', ...place, ...unmeasured(metric, arms.slice(0, 1))! }];
}
