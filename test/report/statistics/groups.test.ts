import { describe, expect, test } from 'vitest';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import type { ReportData } from '../../../src/report/report-data.js';
import { armGroups } from '../../../src/report/statistics/groups.js';
import { summarise } from '../../../src/report/summarise.js';
import { endOtherwise, sampleRun, writeRun } from '../sample-run.js';

/** A run of arms with these accuracies, seed by seed; null for a trial that failed. */
async function dataOf(
  accuracies: { readonly [arm: string]: readonly (number | null)[] },
  report = '{}',
): Promise<ReportData> {
  const arms = Object.keys(accuracies).map((id, i) => ({ id, label: id, settings: id === 'base' ? {} : { x: i } }));
  const seeds = [...Object.values(accuracies)[0]!.keys()];
  const run = sampleRun({ arms, seeds, pipeline: `report: ${report}\n` });
  for (const { id } of arms) {
    for (const [seed, accuracy] of accuracies[id]!.entries()) {
      const trial = `${id}-s${seed}`;
      if (accuracy === null) endOtherwise(run, trial, { state: 'failed' });
      else run.results.set(trial, { ...run.results.get(trial)!, metrics: { test: { loss: 1, accuracy } } });
    }
  }
  return summarise(await loadRun(writeRun(run)));
}

function groupLines(data: ReportData): readonly string[] {
  return renderMarkdown(data)
    .split('\n')
    .filter((line) => line.startsWith('- ≈'));
}

const metric = 'test.accuracy';

describe('groups of arms that are not told apart', () => {
  test('have no two arms that share no seed, though one arm was compared with both', async () => {
    const data = await dataOf({
      a: [0.5, 0.52, 0.51, 0.53, 0.5, 0.52],
      b: [0.51, 0.5, 0.52, null, null, null],
      c: [null, null, null, 0.52, 0.51, 0.5],
    });
    expect(data.groups.map(({ arms }) => arms.toSorted())).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
    expect(groupLines(data)).toEqual(['- ≈ b; c: each by itself not told apart from a.']);
  });

  test('are pairs where all were compared with a baseline alone, and are told as such', async () => {
    const accuracies = {
      base: [0.3, 0.7, 0.5, 0.4, 0.6],
      x: [0.5, 0.5, 0.5, 0.5, 0.5],
      y: [0.55, 0.551, 0.55, 0.55, 0.55],
      better: [0.4, 0.8001, 0.6, 0.5, 0.7],
    };
    const data = await dataOf(accuracies);
    expect(data.groups).toEqual([
      { metric, arms: ['y', 'base'] },
      { metric, arms: ['base', 'x'] },
    ]);
    expect(groupLines(data)).toEqual(['- ≈ y; x: each by itself not told apart from base.']);
    expect(groupLines(await dataOf(accuracies, '{ language: zh }'))).toEqual(['- ≈ y; x：各自与 base 无法区分。']);
  });

  test('join what is not told apart beyond a neighbour that is', async () => {
    const data = await dataOf({
      two: [0.5, 0.51, 0.52, 0.5, 0.51],
      three: [0.52, 0.53, 0.54, 0.5201, 0.53],
      four: [0.9, 0.1, 0.8, 0.2, 0.9],
    });
    expect(data.groups).toEqual([
      { metric, arms: ['four', 'three'] },
      { metric, arms: ['four', 'two'] },
    ]);
  });

  test('are found among thousands of arms that were compared with a baseline', async () => {
    const { arms, comparisons } = await dataOf({ base: [0.5, 0.52, 0.51], x: [0.51, 0.5, 0.52] });
    const many = Array.from({ length: 3000 }, (_, i) => ({ ...arms[1]!, id: `x${i}` }));
    const family = many.map(({ id }) => ({ ...comparisons[0]!, arm: id }));
    expect(armGroups([arms[0]!, ...many], family)).toHaveLength(3000);
  });
});
