import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { renderCsv } from '../../../src/report/formats/render-csv.js';
import { githubAnnotations, renderGithubSummary } from '../../../src/report/formats/render-github.js';
import { renderJunit } from '../../../src/report/formats/render-junit.js';
import { renderLatex } from '../../../src/report/formats/render-latex.js';
import { renderTerminal } from '../../../src/report/formats/render-terminal.js';
import { renderHtml } from '../../../src/report/html/render-html.js';
import { SENTENCES } from '../../../src/report/labels/sentences.js';
import { WORDS } from '../../../src/report/labels/words.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import type { ReportData } from '../../../src/report/report-data.js';
import { summarise } from '../../../src/report/summarise.js';
import { drawFiguresOf } from '../../../src/report/write-report.js';
import { endOtherwise, neverFinished, type SampleRun, sampleRun, TWO_ARMS, writeRun } from '../sample-run.js';

async function dataOf(run: SampleRun = sampleRun()): Promise<ReportData> {
  return summarise(await loadRun(writeRun(run)));
}

const HOSTILE = {
  arms: [
    { id: '001-a', label: '<b>&"x" | 50 % of $y_1$ {z} \\end{verbatim}', settings: {} },
    { id: '002-b', label: 'b, "c"\nd', settings: {} },
  ],
};

/** A run whose report draws a heat map of a table with a title that is markup in every format. */
function withTitledTable(): SampleRun {
  const arms = ['lstm', 'gru'].flatMap((cell) =>
    [4, 5].map((hidden) => ({
      id: `${cell}-${hidden}`,
      label: `model.cell=${cell}, model.hidden=${hidden}`,
      settings: { 'model.cell': cell, 'model.hidden': hidden },
    })),
  );
  const table = {
    title: 'By <hidden> & *[cell]*',
    rows: ['model.cell'],
    columns: ['model.hidden'],
    metric: 'test.loss',
  };
  return sampleRun({ arms, pipeline: JSON.stringify({ report: { tables: [table] } }) });
}

describe('CSV', () => {
  test('has a line for each trial, its settings, state and figures', async () => {
    const run = sampleRun();
    endOtherwise(run, '002-gru-s1', { state: 'failed' });
    const [head, first, ...rest] = parse(renderCsv(await dataOf(run))) as string[][];
    expect(head!.slice(0, 8)).toEqual([
      'arm',
      'label',
      'model.cell',
      'trial',
      'seed',
      'state',
      'parameters',
      'train.loss',
    ]);
    expect(first!.slice(0, 7)).toEqual([
      '001-lstm',
      'model.cell=lstm',
      'lstm',
      '001-lstm-s0',
      '0',
      'complete',
      '161346',
    ]);
    expect(first![head!.indexOf('test.accuracy')]).toBe('0.8');
    expect(rest).toHaveLength(5);
    const failed = rest.find((line) => line[3] === '002-gru-s1')!;
    expect(failed[head!.indexOf('test.accuracy')]).toBe('');
  });

  test('quotes what would break a line', async () => {
    const lines = parse(renderCsv(await dataOf(sampleRun(HOSTILE)))) as string[][];
    expect(lines[4]![1]).toBe('b, "c"\nd');
  });

  test('has a trial that arms share under each of them', async () => {
    const run = sampleRun({ arms: TWO_ARMS.slice(0, 1), seeds: [0, 1] });
    const trial_ids = run.plan.trials.map(({ id }) => id);
    run.plan = { ...run.plan, arms: TWO_ARMS.map((arm) => ({ ...arm, trial_ids })) };
    const [, ...lines] = parse(renderCsv(await dataOf(run))) as string[][];
    expect(lines.map(([arm, , , trial]) => [arm, trial])).toEqual([
      ['001-lstm', '001-lstm-s0'],
      ['001-lstm', '001-lstm-s1'],
      ['002-gru', '001-lstm-s0'],
      ['002-gru', '001-lstm-s1'],
    ]);
  });
});

describe('LaTeX', () => {
  test('sets tables, signs and code', async () => {
    const latex = renderLatex(await dataOf());
    expect(latex).toContain('\\section*{sample}');
    expect(latex).toContain(
      '\\begin{longtable}{lrrrr}\n  \\toprule\n  model.cell & parameters & accuracy & loss & F1 \\\\',
    );
    expect(latex).toContain('\\textbf{0.8226 $\\pm$ 0.0100}');
    expect(latex).toContain('\\begin{verbatim}\nClassifier(');
    expect(latex).toContain('% Figure: figures/learning-curves.svg (Learning curves)');
  });

  test('sets text from data as text', async () => {
    const latex = renderLatex(await dataOf(sampleRun(HOSTILE)));
    expect(latex).toContain(
      '\\textless{}b\\textgreater{}\\&"x" \\textbar{} 50 \\% of \\$y\\_1\\$ \\{z\\} \\textbackslash{}end\\{verbatim\\}',
    );
  });
});

describe('LaTeX takes for text', () => {
  test('a bracket or a star that a row or an item of a list begins with', async () => {
    const arms = [
      { id: '001-a', label: '[A] 5', settings: {} },
      { id: '002-b', label: '*neg*', settings: {} },
    ];
    const latex = renderLatex(await dataOf(sampleRun({ arms, seeds: [0, 1] })));
    expect(latex).toContain('\n  {}[A] 5 & 161,346 &');
    expect(latex).toContain('\n  {}*neg* & 159,346 &');
    expect(latex).toContain('\n  \\item {}[A] 5; *neg*: too few');
    expect(latex).not.toMatch(/^ *(\\item )?[[*]/m);
    expect(latex).toContain('\n  actual $\\downarrow$ predicted $\\rightarrow$ & ham');
  });

  test('a bracket after a line that the author ends', async () => {
    const latex = renderLatex(await dataOf(sampleRun({ pipeline: 'description: "a\\\\\\n[b]"\n' })));
    expect(latex).toContain('a\\\\\\relax [b]');
  });

  test('two hyphens, which it would join to a dash', async () => {
    expect(renderLatex(await dataOf())).toContain('sweep pipelines/sample.yaml -{}-set');
  });
});

describe('LaTeX knows', () => {
  /** The signs beyond ASCII that LaTeX's own table of UTF-8 has. */
  const KNOWN = /[–’“”]/g;

  test('every sign that an English report prints', async () => {
    const words = Object.values({ ...WORDS, ...SENTENCES }).map(([english]) => english);
    const signs = [...new Set(`${words.join('')}− – ⏎ ≥ ≤ ≈ × … \u0007`)].join('');
    expect(signs).toMatch(/±.*≥/);
    const latex = renderLatex(await dataOf(sampleRun({ pipeline: JSON.stringify({ report: { title: signs } }) })));
    expect(latex.replace(KNOWN, '')).not.toMatch(/[^\n\x20-\x7e]/);
  });

  test('claims with the signs ≥ and ≤', async () => {
    const latex = renderLatex(
      await dataOf(sampleRun({ pipeline: 'expect: ["test.loss ≥ 0.1", "test.loss ≤ 0.1"]\n' })),
    );
    expect(latex).toContain('\\texttt{test.loss $\\geq$ 0.1} &');
    expect(latex).toContain('\\texttt{test.loss $\\leq$ 0.1} &');
  });

  test('the signs in what a model wrote, which a verbatim block cannot set', async () => {
    const run = sampleRun();
    for (const [id, result] of run.results) {
      run.results.set(id, {
        ...result,
        generated: [
          { prefix: 'if', text: 'if {x}⏎⏎\n[y]  z' },
          { prefix: '*', text: '*' },
        ],
      });
    }
    expect(renderLatex(await dataOf(run))).toContain(
      '\\begin{flushleft}\\ttfamily\n' +
        'if \\{x\\}$\\hookleftarrow$$\\hookleftarrow$$\\hookleftarrow$[y]~ z \\\\\n{}*\n\\end{flushleft}',
    );
  });
});

describe('the name of a figure', () => {
  test('is escaped once, in the comment of a LaTeX report', async () => {
    expect(renderLatex(await dataOf(withTitledTable()))).toContain(
      '% Figure: figures/table-1.svg (By <hidden> & *[cell]*)',
    );
  });

  test('is not escaped for a terminal', async () => {
    expect(renderTerminal(await dataOf(withTitledTable()), { color: false, width: 80 })).toContain(
      '[By <hidden> & *[cell]*: figures/table-1.svg]',
    );
  });

  test('is escaped once, in a page', async () => {
    const data = await dataOf(withTitledTable());
    expect(renderHtml(data, await drawFiguresOf(data))).toContain(
      'aria-label="By &#60;hidden&#62; &#38; *[cell]*" tabindex',
    );
  });
});

describe('JUnit', () => {
  test('has a case for each claim and each trial', async () => {
    const run = sampleRun({ pipeline: 'expect: ["test.accuracy >= 0.815", "state = complete"]\n' });
    endOtherwise(run, '001-lstm-s1', { state: 'failed', error: { code: 'X', message: 'lost <here>' } });
    neverFinished(run, '002-gru-s2', { started: false });
    const xml = renderJunit(await dataOf(run));
    expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="sample">/);
    expect(xml).toContain(
      '<testsuite name="sample.claims" tests="2" failures="2" errors="0" skipped="0" timestamp="2026-11-22T09:00:00">',
    );
    expect(xml).toContain('<testsuite name="sample.trials" tests="6" failures="1" errors="0" skipped="1"');
    expect(xml).toContain('name="test.accuracy &#62;= 0.815"><failure message="lstm: 0.8100 ± 0.0141 (n = 2)">');
    expect(xml).toContain('<failure message="failed: lost &#60;here&#62;">');
    expect(xml).toContain('name="002-gru-s2 (gru)"><skipped/>');
  });
});

describe('GitHub', () => {
  test('has a summary without figures, and annotates what fails', async () => {
    const run = sampleRun({ pipeline: 'expect: ["test.accuracy >= 0.815"]\n' });
    endOtherwise(run, '001-lstm-s1', { state: 'failed', error: { code: 'X', message: '50 % lost\nat once' } });
    const data = await dataOf(run);
    expect(renderGithubSummary(data)).toContain('## Claims\n\nClaims that fail: 1 of 1.');
    expect(renderGithubSummary(data)).not.toContain('figures/');
    expect(githubAnnotations(data)).toEqual([
      '::error title=sample::claim fails: test.accuracy >= 0.815%0A  lstm: 0.8100 ± 0.0141 (n = 2)',
      '::error title=sample%3A 001-lstm-s1::failed: 50 %25 lost%0Aat once',
    ]);
  });
});

describe('a terminal', () => {
  test('gets aligned tables without markup', async () => {
    const text = renderTerminal(await dataOf(), { color: false, width: 80 });
    expect(text).toContain('sample\n══════');
    expect(text).toContain('model.cell  parameters         accuracy             loss               F1\n');
    expect(text).toContain('gru            159,346  0.8226 ± 0.0100  0.1774 ± 0.0100  0.8216 ± 0.0100');
    expect(text).toContain('• run: 20261122-090000-sample-3f9c');
    expect(text).not.toMatch(/\*\*|&lt;|\\\[|\u001b/);
  });

  test('gets colours where it has them, and wrapped text', async () => {
    const text = renderTerminal(await dataOf(), { color: true, width: 60 });
    expect(text).toContain('\u001b[1m');
    const lines = text.replace(/\u001b\[[\d;]*m/g, '').split('\n');
    expect(lines.slice(0, 8).every((line) => line.length <= 60)).toBe(true);
  });
});
