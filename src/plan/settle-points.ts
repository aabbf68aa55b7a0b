import { type Path, pathText } from '../pipeline/path.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import { type Condition, holds } from './condition.js';
import type { Configurator } from './configurator.js';
import { changedPoint, type Point, type Setting } from './point.js';

/** What one rule of the sweep (`sweep.exclude[0]`, `sweep.when.model.nonlinearity`) did. */
export interface RuleEffect {
  /** Where it is written. */
  readonly rule: string;
  readonly condition: Condition;
  /** exclude: points left out. when: points in which the axis does not exist. */
  readonly points: number;
  /** The labels of the first few of them. */
  readonly examples: readonly string[];
}

export interface SettledPoints {
  readonly points: readonly Point[];
  readonly rules: readonly RuleEffect[];
}

/**
 * Applies the conditions: first each `when` takes away the settings whose axis does not exist there, in the order in
 * which the conditions need each other, then each `exclude` takes away points. Points that differ in nothing any more
 * are one, with the seeds of all.
 */
export function settlePoints(pipeline: Pipeline, points: readonly Point[], configurator: Configurator): SettledPoints {
  const rules = new Map<Path, Rule>();
  const kept: Point[] = [];
  for (const point of points) {
    const { whens, excludes } = point;
    for (const path of [...whens, ...excludes]) {
      if (!rules.has(path)) rules.set(path, { condition: conditionAt(pipeline, path), points: 0, examples: [] });
    }
    const existing = whens.length === 0 ? point : withoutAbsentAxes(point, rules, configurator);
    if (excludes.length > 0) {
      const { config } = configurator.configure(existing.settings);
      const matching = excludes.filter((path) => holds(rules.get(path)!.condition, config));
      for (const path of matching) note(rules.get(path)!, existing);
      if (matching.length > 0) continue;
    }
    kept.push(existing);
  }
  return {
    points: mayRepeat(pipeline.sweep ?? {}) ? merged(kept) : kept,
    rules: [...rules].map(([path, { condition, points: count, examples }]) => ({
      rule: pathText(path),
      condition,
      points: count,
      examples,
    })),
  };
}

interface Rule {
  readonly condition: Condition;
  points: number;
  readonly examples: string[];
}

const MOST_EXAMPLES = 3;

function note(rule: Rule, point: Point): void {
  rule.points++;
  const label = labelOf(point);
  if (rule.examples.length < MOST_EXAMPLES && !rule.examples.includes(label)) rule.examples.push(label);
}

/** What a point is called: its names, or `base` when nothing varies. */
export function labelOf({ names }: Pick<Point, 'names'>): string {
  return names.map(({ text }) => text).join(', ') || 'base';
}

function withoutAbsentAxes(point: Point, rules: ReadonlyMap<Path, Rule>, configurator: Configurator): Point {
  const { settings: all, whens } = point;
  const conditional = new Set(whens.map((path) => String(path.at(-1))));
  const absent = new Set<string>();
  let settings: readonly Setting[] = all.filter(({ path }) => !conditional.has(path));
  for (const rule of inOrderOfNeed(whens, rules)) {
    const axis = String(rule.at(-1));
    const setting = all.find(({ path }) => path === axis);
    if (setting === undefined || absent.has(axis)) continue;
    if (holds(rules.get(rule)!.condition, configurator.configure(settings).config)) {
      settings = inOrderOf(all, [...settings, setting]);
    } else {
      absent.add(axis);
      settings = settings.filter(({ path }) => path !== axis);
      note(rules.get(rule)!, point);
    }
  }
  if (absent.size === 0) return point;
  return changedPoint(point, {
    settings: all.filter(({ path }) => !absent.has(path)),
    names: point.names.filter(({ path }) => path === undefined || !absent.has(path)),
  });
}

/** Conditions on another conditional axis come after that axis's own; the checks have refused circles. */
function inOrderOfNeed(whens: readonly Path[], rules: ReadonlyMap<Path, Rule>): readonly Path[] {
  const ordered: Path[] = [];
  const visit = (path: Path): void => {
    if (ordered.includes(path)) return;
    for (const key of Object.keys(rules.get(path)!.condition)) {
      for (const other of whens) {
        const axis = String(other.at(-1));
        if (axis !== String(path.at(-1)) && (key === axis || key.startsWith(`${axis}.`))) visit(other);
      }
    }
    if (!ordered.includes(path)) ordered.push(path);
  };
  whens.forEach(visit);
  return ordered;
}

function inOrderOf(all: readonly Setting[], chosen: readonly Setting[]): readonly Setting[] {
  const set = new Set(chosen);
  return all.filter((setting) => set.has(setting));
}

/** A product of axes whose values differ has no point twice; comparing a hundred thousand of them would cost. */
function mayRepeat(sweep: object): boolean {
  return ['zip', 'random', 'union', 'when'].some((key) => key in sweep);
}

function contentOf({ names, settings }: Point): string {
  let content = '';
  // The name of a setting says no more than the setting.
  for (const name of names) if (name.path === undefined) content += `${JSON.stringify(name.text)},`;
  for (const { path, value } of settings) {
    content += `;${path}=${typeof value === 'number' ? value : JSON.stringify(value)}`;
  }
  return content;
}

/** Equal names and settings are one point, with the seeds of all. */
function merged(points: readonly Point[]): readonly Point[] {
  // The content of a point is a long text, and most sums are of one point.
  const sums = points.map(sumOf);
  const seen = new Set<number>();
  const repeated = new Set<number>();
  for (const sum of sums) (seen.has(sum) ? repeated : seen).add(sum);
  if (repeated.size === 0) return points;
  const byContent = new Map<string | Point, Point>();
  points.forEach((point, n) => {
    const key = repeated.has(sums[n]!) ? contentOf(point) : point;
    const known = byContent.get(key);
    if (known === undefined) byContent.set(key, point);
    else {
      const seeds = [...new Set([...(known.seeds ?? []), ...(point.seeds ?? [])])];
      byContent.set(key, changedPoint(known, { seeds }));
    }
  });
  return byContent.size === points.length ? points : [...byContent.values()];
}

/** A number that points of the same content share, and few others. */
function sumOf({ settings }: Point): number {
  let sum = settings.length;
  for (const { value } of settings) sum = sum * MIXING + (typeof value === 'number' ? value : 0);
  return sum;
}

const MIXING = 0.7548776662466927;

function conditionAt(pipeline: Pipeline, path: Path): Condition {
  return path.reduce<unknown>((at, key) => (at as { readonly [key: string]: unknown })[key], pipeline) as Condition;
}
