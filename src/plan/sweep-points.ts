import type { Path } from '../pipeline/path.js';
import { type Ablation, ablateCount, ablatePoints } from './operators/ablate.js';
import { type Axes, gridCount, gridPoints } from './operators/grid.js';
import { listPoints, type Variant } from './operators/list.js';
import { type RandomSearch, randomPoints } from './operators/random.js';
import { zipCount, zipPoints } from './operators/zip.js';
import { ORIGIN, type Point, product } from './point.js';
import { type Seeds, seedCount, seedList } from './seeds.js';

/** A sweep, or a part of one: its operators are multiplied. */
export interface SweepNode {
  readonly seeds?: Seeds;
  readonly grid?: Axes;
  readonly zip?: Axes;
  readonly list?: readonly Variant[];
  readonly random?: RandomSearch;
  readonly ablate?: Ablation;
  readonly union?: readonly SweepNode[];
  readonly when?: { readonly [path: string]: unknown };
  readonly exclude?: readonly unknown[];
}

/** The points in order: operators as they are written, the last one varying fastest. Conditions are not applied yet. */
export function sweepPoints(node: SweepNode, at: Path): readonly Point[] {
  const excludes = (node.exclude ?? []).map((_, index) => [...at, 'exclude', index]);
  const whens = Object.keys(node.when ?? {}).map((path) => [...at, 'when', path]);
  const factors = Object.keys(node).flatMap((operator) => {
    const points = operatorPoints(node, operator, [...at, operator]);
    return points === null ? [] : [points];
  });
  const seeds = node.seeds === undefined ? null : seedList(node.seeds);
  const own: Point = { ...ORIGIN, seeds, excludes, whens };
  return product([[own], ...factors]);
}

/** How many points and trials there are before anything is built or excluded, for plans too large to build. */
export function sweepCount(node: SweepNode, outerSeeds = 1): { readonly points: number; readonly trials: number } {
  const seeds = node.seeds === undefined ? outerSeeds : seedCount(node.seeds);
  let points = 1;
  let trials = seeds;
  const multiply = (factor: number): void => {
    points *= factor;
    trials *= factor;
  };
  if (node.grid !== undefined) multiply(gridCount(node.grid));
  if (node.zip !== undefined) multiply(zipCount(node.zip));
  if (node.random !== undefined) multiply(node.random.samples);
  if (node.ablate !== undefined) multiply(ablateCount(node.ablate));
  if (node.list !== undefined) {
    const total = node.list.reduce(
      (sum, variant) => sum + (variant.seeds === undefined ? seeds : seedCount(variant.seeds)),
      0,
    );
    points *= node.list.length;
    trials *= total / seeds;
  }
  if (node.union !== undefined) {
    const parts = node.union.map((part) => sweepCount(part, seeds));
    points *= parts.reduce((sum, part) => sum + part.points, 0);
    trials *= parts.reduce((sum, part) => sum + part.trials, 0) / seeds;
  }
  return { points, trials };
}

function operatorPoints(node: SweepNode, operator: string, at: Path): readonly Point[] | null {
  switch (operator) {
    case 'grid':
      return gridPoints(node.grid ?? {}, at);
    case 'zip':
      return zipPoints(node.zip ?? {}, at);
    case 'list':
      return listPoints(node.list ?? [], at);
    case 'random':
      return node.random === undefined ? null : randomPoints(node.random, at);
    case 'ablate':
      return node.ablate === undefined ? null : ablatePoints(node.ablate, at);
    case 'union':
      return (node.union ?? []).flatMap((part, index) => sweepPoints(part, [...at, index]));
    default:
      return null;
  }
}
