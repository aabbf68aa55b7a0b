import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawFigures } from '../../../src/report/figures/draw.js';
import { listFigures } from '../../../src/report/figures/list-figures.js';
import { labelsOf } from '../../../src/report/labels.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import { armNames } from '../../../src/report/markdown/arm-names.js';
import { summarise } from '../../../src/report/summarise.js';
import { drawFiguresOf, writeReport } from '../../../src/report/write-report.js';
import { plannedRun } from '../planned-run.js';
import { type SampleRun, sampleRun, writeRun } from '../sample-run.js';

async function namesOf(run: SampleRun): Promise<readonly string[]> {
  const data = summarise(await loadRun(writeRun(run)));
  return listFigures({ data, label: labelsOf(data.report.language), names: armNames(data.arms) }).map(
    ({ name }) => name,
  );
}

async function drawingOf(run: SampleRun, name: string): Promise<string> {
  const drawings = await drawFiguresOf(summarise(await loadRun(writeRun(run))));
  return drawings.find((drawing) => drawing.name === name)!.svg;
}

const MANY_AXES =
  'sweep={seeds: 2, grid: {model.cell: [rnn, gru], model.hidden: [8, 16, 32], model.pooling: [max, mean], optimizer.lr: [0.001, 0.01]}}';

const FACTORS = '{wide: {model.hidden: 32}, two layers: {model.layers: 2}, both: {model.bidirectional: true}}';
const STEPS = FACTORS.replace('}}', '}, mean: {model.pooling: mean}, fast: {optimizer.lr: 0.01}}');

function ablationRun(mode: string, factors: string): SampleRun {
  return plannedRun('quickstart', [`sweep={seeds: 3, ablate: {mode: ${mode}, factors: ${factors}}}`]);
}

/** Left and right end of the marks of a kind, by what they tell first. */
function barsIn(
  svg: string,
): ReadonlyMap<string, { readonly from: number; readonly to: number; readonly fill: string }> {
  const bars = svg.matchAll(
    /aria-label="([^":]*): [^"]*" role="graphics-symbol" aria-roledescription="bar" d="M([-\d.]+),[-\d.]+h([-\d.]+)[^"]*" fill="([^"]*)"/g,
  );
  return new Map(
    [...bars].map(([, name, left, width, fill]) => [
      name!,
      { from: Number(left), to: Number(left) + Number(width), fill: fill! },
    ]),
  );
}

test('names with line breaks of any kind are drawn', async () => {
  const list = String.raw`[{name: base}, {name: "two\u2028lines", set: {model.hidden: 8}}]`;
  const run = plannedRun('quickstart', [`sweep={seeds: 2, list: ${list}}`]);
  expect(await drawingOf(run, 'intervals')).toContain('two lines');
});

test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
  'an arm and a factor named `%s` are drawn under their name',
  async (name) => {
    const long = 'a name so long that the names of the axis are broken into several lines, as this one is';
    const list = `[{name: base}, {name: ${name}, set: {model.hidden: 8}}, {name: "${long}", set: {model.hidden: 4}}]`;
    const arms = plannedRun('quickstart', [`sweep={seeds: 2, list: ${list}}`]);
    expect(await drawingOf(arms, 'intervals')).toContain(`>${name}</text>`);
    expect(await drawingOf(arms, 'confusion')).toContain(`>${name}</text>`);
    const factors = `{${name}: {model.hidden: 32}, layers: {model.layers: 2}}`;
    expect(await drawingOf(ablationRun('one_at_a_time', factors), 'effects')).toContain(`>${name}</text>`);
  },
);

test('control characters in names are shown in the figures as the report shows them', async () => {
  const list = String.raw`[{name: base}, {name: "form\f, \e[1m and \0", set: {model.hidden: 8}}]`;
  const svg = await drawingOf(plannedRun('quickstart', [`sweep={seeds: 2, list: ${list}}`]), 'intervals');
  expect(svg).toContain('form\ufffd, \ufffd[1m and \ufffd');
  expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
});

test('a figure that cannot be drawn says so and takes no other with it', async () => {
  const spec = { data: { values: [{ a: 1 }] }, mark: 'point', encoding: { x: { field: 'a', type: 'quantitative' } } };
  const figure = { title: 'One', caption: '' };
  const [broken, whole] = await drawFigures([
    { ...figure, name: 'broken', spec: { ...spec, transform: [{ filter: 'datum.a <' }] } },
    { ...figure, name: 'whole', spec },
  ]);
  expect(broken!.svg).toContain('>The figure broken could not be drawn: Unexpected end of input');
  expect(whole!.svg).toContain('aria-roledescription="point"');
});

describe('the figures of a report', () => {
  test.each<readonly [string, SampleRun, readonly string[]]>([
    ['a sweep over one setting', plannedRun('imdb-cells'), ['intervals', 'learning-curves', 'confusion', 'time']],
    ['a sweep over two', plannedRun('quickstart'), ['intervals', 'learning-curves', 'table-1', 'confusion', 'time']],
    ['a sweep over many', plannedRun('quickstart', [MANY_AXES]), ['intervals', 'learning-curves', 'settings', 'time']],
    ['one arm', sampleRun({ arms: sampleRun().plan.arms.slice(0, 1) }), ['learning-curves', 'confusion']],
    [
      'a cumulative ablation',
      ablationRun('cumulative', STEPS),
      ['intervals', 'waterfall', 'learning-curves', 'confusion', 'time'],
    ],
    ...['one_at_a_time', 'leave_one_out', 'factorial'].map(
      (mode) =>
        [
          `an ablation ${mode}`,
          ablationRun(mode, FACTORS),
          ['intervals', 'effects', 'learning-curves', 'confusion', 'time'],
        ] as const,
    ),
    ['figures switched off', sampleRun({ pipeline: 'report: { sections: { figures: false } }\n' }), []],
    ['no results', { ...sampleRun(), results: new Map() }, []],
  ])('for %s', async (_, run, names) => {
    expect(await namesOf(run)).toEqual(names);
  });

  test('stand beside the report, linked from it with a text for those who cannot see them', async () => {
    const folder = writeRun(plannedRun('imdb-cells'));
    writeFileSync(join(folder, 'note.svg'), '');
    const { markdown } = await writeReport(folder);
    expect(readdirSync(join(folder, 'figures')).sort()).toEqual([
      'confusion.svg',
      'intervals.svg',
      'learning-curves.svg',
      'time.svg',
    ]);
    expect(markdown).toContain('![Learning curves](figures/learning-curves.svg)\n\n*Learning curves: mean over seeds,');
    for (const name of readdirSync(join(folder, 'figures'))) expect(markdown).toContain(`](figures/${name})`);
  });

  test('of an older report are gone', async () => {
    const folder = writeRun(sampleRun());
    await writeReport(folder);
    writeFileSync(join(folder, 'figures', 'table-9.svg'), '<svg/>');
    await writeReport(folder);
    expect(readdirSync(join(folder, 'figures'))).not.toContain('table-9.svg');
  });

  test('are the same bytes for the same data, alone or after others', async () => {
    const [first, again] = [
      await drawingOf(plannedRun('quickstart'), 'time'),
      await drawingOf(plannedRun('quickstart'), 'time'),
    ];
    await drawingOf(sampleRun(), 'confusion');
    expect(again).toBe(first);
    expect(await drawingOf(plannedRun('quickstart'), 'time')).toBe(first);
  });

  test('name points off the steps of the front', async () => {
    const svg = await drawingOf(plannedRun('imdb-cells'), 'time');
    const anchors = ['lstm', 'rnn', 'gru'].map(
      (arm) => new RegExp(`<text text-anchor="(\\w+)"[^>]*>${arm}</text>`).exec(svg)?.[1],
    );
    expect(anchors).toEqual(['end', 'end', 'start']);
  });

  test('ask for nothing from outside, and take names from data as text', async () => {
    const label = '<script>alert(1)</script> & "x"';
    const run = sampleRun({
      arms: [
        { id: '001-a', label, settings: {} },
        { id: '002-b', label: 'b', settings: {} },
      ],
    });
    const folder = writeRun(run);
    await writeReport(folder);
    for (const name of readdirSync(join(folder, 'figures'))) {
      const svg = readFileSync(join(folder, 'figures', name), 'utf8');
      expect(svg).not.toMatch(/<script|<image|<foreignObject|href="http/);
      expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    }
    expect(readFileSync(join(folder, 'figures', 'intervals.svg'), 'utf8')).toContain('&lt;script&gt;alert(1)');
  });

  test('tell arms apart without colour: by dash where lines are dense, by shape where they are not', async () => {
    const few = await drawingOf(sampleRun(), 'learning-curves');
    expect(few).toMatch(/stroke-dasharray="6,3"/);
    const run = sampleRun({ seeds: [0] });
    for (const result of run.results.values()) {
      const epochs = Array.from({ length: 30 }, (_, i) => ({ ...result.epochs[0]!, epoch: i + 1 }));
      run.results.set(result.trial, { ...result, epochs });
    }
    expect(await drawingOf(run, 'learning-curves')).toMatch(/stroke-dasharray="6,3"/);
  });

  test('have one legend of dashes where some panels are dense and others have markers, and the same epochs in all', async () => {
    const run = sampleRun({ seeds: [0] });
    for (const result of run.results.values()) {
      const { test: evaluated, ...unevaluated } = result.epochs[0]!;
      const epochs = Array.from({ length: 60 }, (_, i) => ({
        ...unevaluated,
        epoch: i + 1,
        ...(i % 10 === 9 ? { test: evaluated! } : {}),
      }));
      run.results.set(result.trial, { ...result, epochs });
    }
    const svg = await drawingOf(run, 'learning-curves');
    const symbols = [...svg.matchAll(/role-legend-symbol"[^>]*><path [^>]*>/g)].map(([symbol]) => symbol);
    expect(symbols).toHaveLength(2);
    for (const symbol of symbols) {
      expect(symbol).toMatch(/ d="M-[\d.]+,0L[\d.]+,0"/);
    }
    expect(svg).toContain('aria-roledescription="point"');
    const axes = [
      ...svg.matchAll(/aria-label="X-axis titled 'epoch' for a linear scale with values from (\d+) to (\d+)"/g),
    ];
    expect(axes.map(([, from, to]) => `${from}–${to}`)).toEqual(Array(4).fill('1–60'));
  });

  test('survive figures that are no numbers and matrices of one class', async () => {
    const run = sampleRun();
    for (const result of run.results.values()) {
      if (result.arm !== '001-lstm') continue;
      const test = { loss: Number.NaN, accuracy: Number.NaN, confusion_matrix: [[3]] };
      run.results.set(result.trial, {
        ...result,
        metrics: { test },
        epochs: result.epochs.map((epoch) => ({ ...epoch, test })),
      });
    }
    const drawings = await drawFiguresOf(summarise(await loadRun(writeRun(run))));
    for (const { svg } of drawings) expect(svg).not.toContain('NaN');
  });

  test('of the best eight arms where there are more', async () => {
    const { markdown } = await writeReport(writeRun(plannedRun('imdb-ablation')));
    expect(markdown).toContain('The 8 best of 36 arms.');
  });

  test('write bytes as the table does', async () => {
    const grid = 'sweep={seeds: 2, grid: {model.cell: [rnn, gru], model.hidden: [8, 16]}}';
    const table =
      'report.tables=[{rows: [model.cell], columns: [model.hidden], metric: timing.peak_memory_bytes, digits: 1}]';
    const run = plannedRun('quickstart', [grid, table]);
    const megabytes = new Map([...run.results.keys()].map((id, i) => [id, 70.2 + Math.floor(i / 2)]));
    for (const [id, result] of run.results) {
      run.results.set(id, { ...result, peak_memory_bytes: megabytes.get(id)! * 1e6 });
    }
    const svg = await drawingOf(run, 'table-1');
    for (const text of ['70.2', '71.2', '72.2', '73.2']) expect(svg).toContain(`>${text}</text>`);
    expect(svg).toContain('rnn; 8: 70.2 ± 0.0');
    expect(svg).not.toMatch(/\d{6,}\.\d/);
  });

  test('show a cumulative ablation as bars that start where the step before ended, and fall otherwise than they rise', async () => {
    const run = ablationRun('cumulative', STEPS);
    const { steps } = summarise(await loadRun(writeRun(run))).ablation!;
    const svg = await drawingOf(run, 'waterfall');
    expect(await drawingOf(run, 'waterfall')).toBe(svg);
    const bars = barsIn(svg);
    expect([...bars.keys()].sort()).toEqual(
      steps.map(({ factors }) => (factors.length === 0 ? 'base' : `+ ${factors.at(-1)}`)).sort(),
    );
    const means = steps.map(({ summary }) => summary.mean!);
    const barOf = (i: number) => bars.get(i === 0 ? 'base' : `+ ${steps[i]!.factors.at(-1)}`)!;
    // The base and the best step give the scale.
    const best = means.indexOf(Math.max(...means));
    const scale = (barOf(best).to - barOf(0).to) / (means[best]! - means[0]!);
    const placeOf = (value: number): number => barOf(0).to + (value - means[0]!) * scale;
    const fills = { rise: new Set<string>(), fall: new Set<string>() };
    for (let i = 1; i < steps.length; i++) {
      const [before, after] = [means[i - 1]!, means[i]!];
      expect(barOf(i).from).toBeCloseTo(placeOf(Math.min(before, after)), 6);
      expect(barOf(i).to).toBeCloseTo(placeOf(Math.max(before, after)), 6);
      fills[after < before ? 'fall' : 'rise'].add(barOf(i).fill);
    }
    expect([fills.rise.size, fills.fall.size]).toEqual([1, 1]);
    expect([...fills.rise]).not.toEqual([...fills.fall]);
    expect(svg.match(/stroke-dasharray="4,2"/g)).toHaveLength(means.filter((mean, i) => mean < means[i - 1]!).length);
  });

  test('write long names whole, in lines around their row, and in the legend', async () => {
    const factors =
      '{max pooling over all of the steps: {model.pooling: max}, two layers of a bidirectional network: {model.layers: 2, model.bidirectional: true}, a rate ten times as high: {optimizer.lr: 0.01}}';
    const run = ablationRun('cumulative', factors);
    const { arms } = summarise(await loadRun(writeRun(run)));
    const rowsOf = (svg: string): readonly (readonly string[])[] =>
      [...svg.matchAll(/<text text-anchor="(?:end|start)"[^>]*>(?:<tspan[^>]*>[^<]*<\/tspan>)+<\/text>/g)].map(
        ([text]) => [...text.matchAll(/<tspan[^>]*>([^<]*)</g)].map(([, line]) => line!),
      );
    for (const name of ['intervals', 'learning-curves', 'time']) {
      const svg = await drawingOf(run, name);
      expect(svg, name).not.toMatch(/>[^<]*…</);
      const longest = arms.at(-1)!.label;
      expect(
        rowsOf(svg).map((lines) => lines.join(' ')),
        name,
      ).toContain(longest);
    }
    const rows = rowsOf(await drawingOf(run, 'intervals'));
    for (const line of rows.flat()) expect(line.length).toBeLessThanOrEqual(48);
  });

  test('show the effects of an ablation in the order of its table, with intervals as long as they are', async () => {
    const run = ablationRun('one_at_a_time', FACTORS);
    const { effects } = summarise(await loadRun(writeRun(run))).ablation!;
    const svg = await drawingOf(run, 'effects');
    const bars = barsIn(svg);
    expect([...bars.keys()]).toEqual(effects.map(({ factors }) => factors[0]));
    const widths = effects.map(({ factors }) => bars.get(factors[0]!)!.to - bars.get(factors[0]!)!.from);
    const [first, ...others] = effects.map(({ summary }) => summary.interval![1] - summary.interval![0]);
    others.forEach((width, i) => {
      expect(widths[i + 1]! / widths[0]!).toBeCloseTo(width / first!, 6);
    });
    const { markdown } = await writeReport(writeRun(run));
    expect(markdown).toContain('![Test accuracy: what each factor changes](figures/effects.svg)');
  });
});
