import type { Path } from '../pipeline/path.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import { withSettings } from './arms.js';
import { type Condition, holds } from './condition.js';
import type { Point } from './point.js';
import { resolveConfig } from './resolve.js';

/** The points whose resolved configuration fulfils none of the conditions under which they are left out. */
export function excludePoints(pipeline: Pipeline, points: readonly Point[]): readonly Point[] {
  return points.filter((point) => {
    if (point.excludes.length === 0) return true;
    const config = resolveConfig(withSettings(pipeline, point));
    return !point.excludes.some((path) => holds(conditionAt(pipeline, path), config));
  });
}

function conditionAt(pipeline: Pipeline, path: Path): Condition {
  return path.reduce<unknown>((at, key) => (at as { readonly [key: string]: unknown })[key], pipeline) as Condition;
}
