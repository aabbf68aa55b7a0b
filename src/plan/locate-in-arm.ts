import { locateValue } from '../pipeline/positions.js';
import type { PipelineFile } from '../pipeline/read-pipeline.js';
import type { SpanLocation } from '../pipeline/source-text.js';
import { armId, originOf, pathOfSetting } from './arms.js';
import { createConfigurator } from './configurator.js';
import { pointsOf } from './create-plan.js';

/**
 * Where an arm's value at one of some paths such as `data.split.train` was written: at the first that the sweep sets in
 * this arm, since the others may do without it, else at the first, in the pipeline itself. The points of the sweep are
 * made again for it: who asks has an error to show, and a plan need not keep them for that.
 */
export function locateInArm(
  { pipeline, positions }: PipelineFile,
  arm: string,
  paths: readonly [string, ...string[]],
): SpanLocation {
  const points = pipeline === null ? [] : pointsOf(pipeline, createConfigurator(pipeline)).points;
  const total = points.length;
  const point = points.find(({ names }, index) => armId(names, { index, total }) === arm);
  const origins = paths.map((path) => {
    const written = pathOfSetting(path);
    const origin = point === undefined ? written : originOf(point, written);
    return { origin, swept: origin !== written };
  });
  return locateValue(positions, (origins.find(({ swept }) => swept) ?? origins[0]!).origin);
}
