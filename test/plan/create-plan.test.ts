import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { createPlan, planPipeline, RefusedPlanError } from '../../src/plan/create-plan.js';
import { codesOf } from '../pipeline/frames.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { configOf, planOf } from './plan-of.js';

const arms = (sweep: string) => planOf({ sweep: `sweep: ${sweep}` }).arms.map(({ id, label }) => `${id} ${label}`);
const codes = (sweep: string) => codesOf(validPipeline({ sweep: `sweep: ${sweep}` }));

describe('a plan', () => {
  it('has one arm and one trial when nothing is swept', () => {
    const { arms, trials, name } = planOf();
    expect(name).toBe('reviews');
    expect(arms).toEqual([{ id: '001-base', label: 'base', settings: {}, trial_ids: ['001-base-s0'] }]);
    expect(trials).toMatchObject([{ id: '001-base-s0', arm: '001-base', seed: 0, config: configOf() }]);
  });

  it('multiplies the axes of a grid, the last one varying fastest', () => {
    expect(arms('{ grid: { model.cell: [rnn, lstm], model.hidden: [8, 16] } }')).toEqual([
      '001-rnn-hidden-8 model.cell=rnn, model.hidden=8',
      '002-rnn-hidden-16 model.cell=rnn, model.hidden=16',
      '003-lstm-hidden-8 model.cell=lstm, model.hidden=8',
      '004-lstm-hidden-16 model.cell=lstm, model.hidden=16',
    ]);
  });

  it('pairs the axes of a zip', () => {
    expect(arms('{ zip: { model.hidden: [8, 16], optimizer.lr: [0.1, 0.01] } }')).toEqual([
      '001-hidden-8-lr-0.1 model.hidden=8, optimizer.lr=0.1',
      '002-hidden-16-lr-0.01 model.hidden=16, optimizer.lr=0.01',
    ]);
  });

  it('names the variants of a list, which may have seeds of their own', () => {
    const { arms, trials } = planOf({
      sweep:
        'sweep: { seeds: 2, list: [{ name: Base }, { name: batch 128, set: { train.batch_size: 128 }, seeds: [7] }] }',
    });
    expect(arms).toMatchObject([
      { id: '001-base', label: 'Base', settings: {} },
      { id: '002-batch-128', label: 'batch 128', settings: { 'train.batch_size': 128 } },
    ]);
    expect(trials.map(({ id }) => id)).toEqual(['001-base-s0', '001-base-s1', '002-batch-128-s7']);
  });

  it('puts the parts of a union one after another, multiplied by what stands beside it', () => {
    const union = '[{ grid: { model.cell: [rnn] } }, { list: [{ name: wide, set: { model.hidden: 64 } }] }]';
    expect(arms(`{ grid: { train.epochs: [1, 2] }, union: ${union} }`)).toEqual([
      '001-epochs-1-rnn train.epochs=1, model.cell=rnn',
      '002-epochs-1-wide train.epochs=1, wide',
      '003-epochs-2-rnn train.epochs=2, model.cell=rnn',
      '004-epochs-2-wide train.epochs=2, wide',
    ]);
  });

  it('leaves out what a condition excludes, defaults and short forms included', () => {
    const grid = 'grid: { model.cell: [rnn, lstm], loss: [nll, cross_entropy] }';
    expect(arms(`{ ${grid}, exclude: [{ model.cell: rnn, model.layers: 1, loss: nll }] }`)).toHaveLength(3);
    expect(arms(`{ ${grid}, exclude: [{ model.cell: [rnn], model.hidden: { ge: 17 } }] }`)).toHaveLength(4);
    expect(arms(`{ ${grid}, exclude: [{ model.cell: { ne: lstm } }, { loss.type: { in: [nll] } }] }`)).toHaveLength(1);
  });

  it('lists trials arm by arm, seeds in order', () => {
    const { trials } = planOf({ sweep: 'sweep: { seeds: [3, 1], grid: { model.cell: [rnn, gru] } }' });
    expect(trials.map(({ id }) => id)).toEqual(['001-rnn-s3', '001-rnn-s1', '002-gru-s3', '002-gru-s1']);
  });

  it('sets keys within short forms, and null takes a key back to its default', () => {
    const { trials } = planOf({
      x: 'loss: label_smoothing\ntrain: { clip_norm: 5 }',
      sweep: 'sweep: { grid: { loss.smoothing: [0, 0.2], train.clip_norm: [null, 1] } }',
    });
    expect(trials.map(({ config }) => [config.loss.smoothing, config.train.clip_norm])).toEqual([
      [0, null],
      [0, 1],
      [0.2, null],
      [0.2, 1],
    ]);
  });

  it('is the same each time', () => {
    const sweep = 'sweep: { seeds: 2, grid: { model.cell: [rnn, gru] } }';
    expect(JSON.stringify(planOf({ sweep }))).toBe(JSON.stringify(planOf({ sweep })));
  });

  it('gives long arms short names that stay distinct', () => {
    const name = (end: string) => `${'a long name '.repeat(10)}${end}`;
    const { arms } = planOf({ sweep: `sweep: { list: [{ name: ${name('x')} }, { name: ${name('y')} }] }` });
    expect(arms.every(({ id }) => id.length <= 64)).toBe(true);
    expect(new Set(arms.map(({ id }) => id)).size).toBe(2);
  });

  it('names arms without Latin letters by their number', () => {
    expect(arms('{ list: [{ name: 基线 }] }')).toEqual(['001 基线']);
  });
});

describe('a plan is refused', () => {
  it.each([
    [
      'two axes for one key',
      '{ grid: { model.cell: [rnn] }, zip: { model.cell: [gru] } }',
      'REPEATED_AXIS sweep.zip.model.cell',
    ],
    [
      'an axis within another',
      '{ grid: { loss: [nll], loss.smoothing: [0.1] } }',
      'REPEATED_AXIS sweep.grid.loss.smoothing',
    ],
    [
      'an axis that a union repeats',
      '{ grid: { model.cell: [rnn] }, union: [{ grid: { model.cell: [gru] } }] }',
      'REPEATED_AXIS sweep.union[0].grid.model.cell',
    ],
    [
      'a zip of unequal lengths',
      '{ zip: { model.hidden: [8, 16], model.layers: [1] } }',
      'UNEQUAL_ZIP sweep.zip.model.layers',
    ],
    ['a value twice', '{ grid: { model.hidden: [8, 8] } }', 'REPEATED_VALUE sweep.grid.model.hidden[1]'],
    ['two variants of one name', '{ list: [{ name: a }, { name: a }] }', 'REPEATED_NAME sweep.list[1].name'],
    [
      'an unknown path in a variant',
      '{ list: [{ name: a, set: { model.size: 1 } }] }',
      'UNKNOWN_PATH sweep.list[0].set.model.size',
    ],
    ['an unknown path in a condition', '{ exclude: [{ model.size: 1 }] }', 'UNKNOWN_PATH sweep.exclude[0].model.size'],
    [
      'a value in a condition that its key refuses',
      '{ exclude: [{ model.cell: lst }] }',
      'BAD_VALUE sweep.exclude[0].model.cell',
    ],
    ['a key that is the same for all trials', '{ grid: { name: [a] } }', 'UNKNOWN_PATH sweep.grid.name'],
    ['null for a key that must be there', '{ grid: { model.cell: [null] } }', 'BAD_VALUE sweep.grid.model.cell[0]'],
    ['conditions that leave nothing', '{ exclude: [{ model.cell: lstm }] }', 'EMPTY_SWEEP sweep.exclude'],
    ['an engine of one arm, as yet', '{ grid: { engine: [wasm, webgpu] } }', 'NOT_SUPPORTED engine'],
    [
      'a part of a form that is not there',
      '{ grid: { model.embedding: [one_hot], model.embedding.dim: [2] } }',
      'REPEATED_AXIS sweep.grid.model.embedding.dim',
    ],
  ])('for %s', (_, sweep, code) => {
    expect(codes(sweep)).toContain(code);
  });

  it('when an arm lacks a key that its settings make necessary', () => {
    const sections = {
      model: 'model: { cell: lstm, hidden: 8 }',
      sweep: 'sweep: { grid: { model.embedding.dropout: [0.5] } }',
    };
    expect(codesOf(validPipeline(sections))).toEqual(['MISSING_KEY model.embedding']);
  });

  it('when it has more trials than allowed, unless that is wanted', () => {
    const file = readPipeline({ file: 'p.yaml', text: validPipeline({ sweep: 'sweep: { seeds: 5, max_trials: 4 }' }) });
    expect(planPipeline(file).diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'PLAN_TOO_LARGE sweep.max_trials',
    ]);
    expect(planPipeline(file, { large: true }).plan?.trials).toHaveLength(5);
  });

  it('when the product is astronomic, before anything is built', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1).join(',');
    const axes = ['model.hidden', 'model.layers', 'train.epochs', 'train.batch_size'].map(
      (path) => `${path}: [${values}]`,
    );
    const file = readPipeline({
      file: 'p.yaml',
      text: validPipeline({
        sweep: `sweep: { grid: { ${axes.slice(2).join(', ')}, data.sequence.length: [${values}] } }`,
      }),
    });
    const { plan, diagnostics } = planPipeline(file, { large: true });
    expect(plan).toBeNull();
    expect(diagnostics[0]?.message).toContain('1,000,000,000 trials');
  });

  it('with one error that carries everything that is wrong', () => {
    const file = readPipeline({ file: 'p.yaml', text: 'name: a\nmodel: {}\n' });
    const error = (() => {
      try {
        return createPlan(file);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(RefusedPlanError);
    expect(error).toMatchObject({ code: 'MISSING_KEY', location: { file: 'p.yaml', line: 1, column: 1 } });
    expect((error as RefusedPlanError).diagnostics).toHaveLength(3);
  });
});
