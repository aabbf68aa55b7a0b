import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { planPipeline } from '../../src/plan/create-plan.js';
import { diagnosticsOf } from '../pipeline/frames.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';

const CELLS = { sweep: 'sweep: { grid: { model.cell: [rnn, gru] } }' };
const VARIANTS = { sweep: 'sweep: { list: [{ name: base }, { name: wide, set: { model.hidden: 32 } }] }' };

const told = (report: string, sweep: { readonly [section: string]: string } = CELLS) =>
  diagnosticsOf(validPipeline({ ...sweep, report: `report: ${report}` })).map(
    ({ severity, code, path, message, hint }) => [`${severity} ${code} ${path}`, message, hint],
  );

describe('a report', () => {
  it.each([
    ['baseline: wid', 'report.baseline', 'Did you mean `wide`?'],
    ['baseline: { model.hidden: 64 }', 'report.baseline', 'The arms are `base`, `wide`.'],
    ['reference: [{ arm: bsae, metrics: { test.accuracy: 0.5 } }]', 'report.reference[0].arm', 'Did you mean `base`?'],
    [
      'tables: [{ rows: [arm], metric: test.accuracy, baseline: bas }]',
      'report.tables[0].baseline',
      'Did you mean `base`?',
    ],
  ])('that names an arm which there is not is refused: %s', (report, path, hint) => {
    expect(told(`{ ${report} }`, VARIANTS)).toEqual([
      [`error REPORT_ARM ${path}`, `\`${path}\`: no arm of the sweep is meant by this`, hint],
    ]);
  });

  it('of figures that no arm measures is refused, with what is nearest', () => {
    const report =
      '{ tables: [{ rows: [model.cell], metric: test.acuracy }], reference: [{ arm: { model.cell: rnn }, metrics: { test.f1: 0.5, validation.loss: 1 } }] }';
    expect(told(report)).toEqual([
      [
        'error REPORT_METRIC report.tables[0].metric',
        '`report.tables[0].metric`: `test.acuracy` is not measured',
        'Did you mean `test.accuracy`?',
      ],
      [
        'error REPORT_METRIC report.reference[0].metrics.test.f1',
        '`report.reference[0].metrics.test.f1`: `test.f1` is not measured',
        expect.stringContaining('Measured are `loss`'),
      ],
      [
        'error REPORT_METRIC report.reference[0].metrics.validation.loss',
        '`report.reference[0].metrics.validation.loss`: `validation.loss` is not measured: there is no validation split',
        expect.stringContaining('Add `validation` to `data.split`'),
      ],
    ]);
  });

  it('of settings that the pipeline sets for all arms is none of these', () => {
    expect(told('{ tables: [{ rows: [model.cell], columns: [model.pooling], metric: test.loss }] }')).toEqual([]);
  });

  it('is only warned of what `--set` may have left out of the sweep', () => {
    const text = validPipeline({
      ...VARIANTS,
      report: 'report: { baseline: wide, tables: [{ rows: [model.hidden], metric: validation.loss }] }',
    });
    const plan = (...overrides: string[]) => planPipeline(readPipeline({ file: 'p.yaml', text, overrides }));
    expect(plan().plan).toBeNull();
    for (const override of ['sweep=null', 'sweep.list=[{name: base}, {name: deep, set: {model.layers: 2}}]']) {
      const narrowed = plan(override);
      expect(narrowed.plan).not.toBeNull();
      expect(narrowed.diagnostics.map(({ severity }) => severity)).toContain('warning');
    }
    expect(plan('sweep=null', 'report.baseline=wid').plan).toBeNull();
  });
});
