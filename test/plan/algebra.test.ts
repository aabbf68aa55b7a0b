import { describe, expect, it } from 'vitest';
import { codesOf, diagnosticsOf } from '../pipeline/frames.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { planOf } from './plan-of.js';

const plan = (sweep: string) => planOf({ sweep: `sweep: ${sweep}` });
const labels = (sweep: string) => plan(sweep).arms.map(({ label }) => label);
const codes = (sweep: string) => codesOf(validPipeline({ sweep: `sweep: ${sweep}` }));

describe('random', () => {
  const space = (key: string, distribution: string, samples = 50) =>
    plan(`{ random: { samples: ${samples}, space: { ${key}: { ${distribution} } } } }`).arms.map(
      ({ settings }) => settings[key] as number,
    );

  it('draws the same points each time, others for another seed', () => {
    const search = (seed: number) =>
      labels(`{ random: { samples: 5, seed: ${seed}, space: { optimizer.lr: { log_uniform: [0.001, 0.1] } } } }`);
    expect(search(0)).toEqual(search(0));
    expect(search(1)).not.toEqual(search(0));
  });

  it('keeps what was drawn when samples or keys are added', () => {
    const lr = 'optimizer.lr: { uniform: [0.1, 1] }';
    const few = plan(`{ random: { samples: 3, space: { ${lr} } } }`).arms;
    const more = plan(`{ random: { samples: 6, space: { model.layers: { choice: [1, 2] }, ${lr} } } }`).arms;
    const drawn = (arms: typeof few) => arms.map(({ settings }) => settings['optimizer.lr']);
    expect(drawn(more).slice(0, 3)).toEqual(drawn(few));
  });

  it('draws within the range, evenly in the value or in its logarithm', () => {
    const uniform = space('optimizer.lr', 'uniform: [0.2, 0.4]', 400);
    expect([Math.min(...uniform) >= 0.2, Math.max(...uniform) <= 0.4]).toEqual([true, true]);
    expect(uniform.filter((lr) => lr < 0.3).length / 400).toBeCloseTo(0.5, 1);
    const log = space('optimizer.lr', 'log_uniform: [0.0001, 1]', 400);
    expect(log.filter((lr) => lr < 0.01).length / 400).toBeCloseTo(0.5, 1);
  });

  it('draws whole numbers, both ends included, where the key takes nothing else', () => {
    const layers = space('model.layers', 'int_uniform: [1, 3]');
    expect([...new Set(layers)].sort()).toEqual([1, 2, 3]);
    expect(space('model.hidden', 'log_uniform: [8, 256]').every(Number.isInteger)).toBe(true);
    expect(new Set(space('model.hidden', 'uniform: [1.2, 3.9]'))).toEqual(new Set([2, 3]));
  });

  it('cuts a normal off where the key refuses it', () => {
    const dropout = space('model.head.dropout', 'normal: [0, 0.5]', 100);
    expect(dropout.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(new Set(dropout).size).toBeGreaterThan(50);
  });

  it('makes one arm of points that were drawn twice', () => {
    expect(labels('{ random: { samples: 40, space: { model.cell: { choice: [rnn, gru] } } } }')).toEqual([
      'model.cell=rnn',
      'model.cell=gru',
    ]);
  });
});

describe('when', () => {
  const grid = 'grid: { model.cell: [rnn, lstm], model.nonlinearity: [tanh, relu] }';

  it('makes an axis exist only where its condition holds', () => {
    expect(labels(`{ ${grid}, when: { model.nonlinearity: { model.cell: rnn } } }`)).toEqual([
      'model.cell=rnn, model.nonlinearity=tanh',
      'model.cell=rnn, model.nonlinearity=relu',
      'model.cell=lstm',
    ]);
  });

  it('sees the axes that stand outside of the part that it is in', () => {
    const inner = '{ grid: { model.dropout: [0, 0.5] }, when: { model.dropout: { model.layers: { gt: 1 } } } }';
    expect(labels(`{ grid: { model.layers: [1, 2] }, union: [${inner}] }`)).toEqual([
      'model.layers=1',
      'model.layers=2, model.dropout=0',
      'model.layers=2, model.dropout=0.5',
    ]);
  });

  it('asks in the order in which the conditions need each other', () => {
    const axes = 'model.cell: [lstm, gru], model.projection: [4], model.layers: [2]';
    const when = 'model.layers: { model.projection: 4 }, model.projection: { model.cell: lstm }';
    expect(labels(`{ grid: { ${axes} }, when: { ${when} } }`)).toEqual([
      'model.cell=lstm, model.projection=4, model.layers=2',
      'model.cell=gru',
    ]);
  });

  it('gives the seeds of all to points that became one', () => {
    const union = '[{ grid: { model.cell: [gru] }, seeds: 2 }, { grid: { model.cell: [gru] }, seeds: [7] }]';
    expect(plan(`{ union: ${union} }`).trials.map(({ id }) => id)).toEqual(['001-gru-s0', '001-gru-s1', '001-gru-s7']);
  });
});

describe('ablate', () => {
  const factors =
    'factors: { wide: { model.hidden: 32 }, max pooling: { model.pooling: max }, deep: { model.layers: 2 } }';

  it.each([
    ['one_at_a_time', ['base', '+ wide', '+ max pooling', '+ deep']],
    ['leave_one_out', ['all', '− wide', '− max pooling', '− deep']],
    ['cumulative', ['base', '+ wide', '+ wide + max pooling', '+ wide + max pooling + deep']],
    [
      'factorial',
      [
        'base',
        '+ wide',
        '+ max pooling',
        '+ wide + max pooling',
        '+ deep',
        '+ wide + deep',
        '+ max pooling + deep',
        '+ wide + max pooling + deep',
      ],
    ],
  ])('makes the arms of %s', (mode, expected) => {
    expect(labels(`{ ablate: { mode: ${mode}, ${factors} } }`)).toEqual(expected);
  });

  it('takes half of the subsets, the base among them', () => {
    expect(labels(`{ ablate: { mode: factorial, fraction: 1/2, ${factors} } }`)).toEqual([
      'base',
      '+ wide + deep',
      '+ max pooling + deep',
      '+ wide + max pooling',
    ]);
  });

  it('changes named settings as the base, over which factors win', () => {
    const { arms } = plan('{ ablate: { base: { model.hidden: 8 }, factors: { wide: { model.hidden: 32 } } } }');
    expect(arms.map(({ settings }) => settings)).toEqual([{ 'model.hidden': 8 }, { 'model.hidden': 32 }]);
  });

  it('lets factors that never stand together, or one after another, set one part of the model', () => {
    const shapes = 'factors: { wide: { model.embedding.dim: 7 }, one_hot: { model.embedding: one_hot } }';
    expect(labels(`{ ablate: { ${shapes} } }`)).toEqual(['base', '+ wide', '+ one_hot']);
    const { trials } = plan(`{ ablate: { mode: cumulative, ${shapes} } }`);
    expect(trials.map(({ config }) => config.model.embedding)).toMatchObject([{ dim: 8 }, { dim: 7 }, 'one_hot']);
  });

  it('lets one factor set a mapping and a key within it', () => {
    const sgd = 'sgd: { optimizer: { type: sgd }, optimizer.lr: 0.1 }';
    const { trials } = plan(`{ ablate: { mode: factorial, factors: { ${sgd}, deep: { model.layers: 2 } } } }`);
    expect(trials[1]!.config.optimizer).toMatchObject({ type: 'sgd', lr: 0.1 });
  });

  it('multiplies with what stands beside it, and has seeds of its own within a union', () => {
    const part = `{ seeds: 2, ablate: { factors: { deep: { model.layers: 2 } } }, grid: { model.cell: [rnn, gru] } }`;
    const { arms, trials } = plan(`{ union: [${part}, { list: [{ name: alone }] }] }`);
    expect(arms.map(({ label }) => label)).toEqual([
      'base, model.cell=rnn',
      'base, model.cell=gru',
      '+ deep, model.cell=rnn',
      '+ deep, model.cell=gru',
      'alone',
    ]);
    expect(trials).toHaveLength(9);
  });
});

describe('arms that ask for the same', () => {
  it('share one trial, each listing it', () => {
    const { arms, trials } = plan(
      '{ seeds: 2, ablate: { factors: { dropout: { model.dropout: 0.5 }, deep: { model.layers: 2 } } } }',
    );
    expect(trials.map(({ id }) => id)).toEqual(['001-base-s0', '001-base-s1', '003-deep-s0', '003-deep-s1']);
    expect(arms.map(({ trial_ids }) => trial_ids)).toEqual([
      ['001-base-s0', '001-base-s1'],
      ['001-base-s0', '001-base-s1'],
      ['003-deep-s0', '003-deep-s1'],
    ]);
  });
});

describe('a sweep is refused', () => {
  it.each([
    ['that is empty', '{}', 'BAD_VALUE sweep'],
    [
      'with a distribution of numbers for a name',
      '{ random: { samples: 1, space: { model.cell: { uniform: [0, 1] } } } }',
      'BAD_DISTRIBUTION sweep.random.space.model.cell.uniform',
    ],
    [
      'with a range upside down',
      '{ random: { samples: 1, space: { optimizer.lr: { uniform: [1, 0.1] } } } }',
      'BAD_DISTRIBUTION sweep.random.space.optimizer.lr.uniform',
    ],
    [
      'with a range that its key refuses',
      '{ random: { samples: 1, space: { model.head.dropout: { uniform: [0.5, 1] } } } }',
      'BAD_VALUE sweep.random.space.model.head.dropout.uniform[1]',
    ],
    [
      'with the logarithm of 0',
      '{ random: { samples: 1, space: { optimizer.weight_decay: { log_uniform: [0, 1] } } } }',
      'BAD_DISTRIBUTION sweep.random.space.optimizer.weight_decay.log_uniform[0]',
    ],
    [
      'with a normal that never fits',
      '{ random: { samples: 1, space: { optimizer.lr: { normal: [-5, 0.1] } } } }',
      'BAD_VALUE optimizer.lr',
    ],
    [
      'with two distributions of one key',
      '{ random: { samples: 1, space: { optimizer.lr: { uniform: [1, 2], normal: [0, 1] } } } }',
      'BAD_VALUE sweep.random.space.optimizer.lr',
    ],
    [
      'with a condition on a key that does not exist',
      '{ grid: { model.layers: [1, 2] }, when: { model.layers: { model.kind: rnn } } }',
      'UNKNOWN_PATH sweep.when.model.layers.model.kind',
    ],
    [
      'with a condition for what is no axis',
      '{ grid: { model.layers: [1, 2] }, when: { model.hidden: { model.cell: rnn } } }',
      'UNKNOWN_AXIS sweep.when.model.hidden',
    ],
    [
      'with conditions that go round',
      '{ grid: { model.layers: [1, 2], model.hidden: [8, 9] }, when: { model.layers: { model.hidden: 8 }, model.hidden: { model.layers: 1 } } }',
      'CIRCULAR_WHEN sweep.when.model.layers',
    ],
    [
      'with a key that an axis and a factor set',
      '{ grid: { model.layers: [1, 2] }, ablate: { factors: { deep: { model.layers: 2 } } } }',
      'REPEATED_AXIS sweep.ablate.factors.deep.model.layers',
    ],
    [
      'with factors that contradict each other',
      '{ ablate: { mode: factorial, factors: { deep: { model.layers: 2 }, deeper: { model.layers: 3 } } } }',
      'REPEATED_AXIS sweep.ablate.factors.deeper.model.layers',
    ],
    [
      'with a factor of a key and one of a key within it',
      '{ ablate: { mode: factorial, factors: { wide: { model.embedding.dim: 7 }, onehot: { model.embedding: one_hot } } } }',
      'REPEATED_AXIS sweep.ablate.factors.onehot.model.embedding',
    ],
    [
      'with a factor of a key and one of what it stands in',
      '{ ablate: { mode: leave_one_out, factors: { sgd: { optimizer: { type: sgd } }, fast: { optimizer.lr: 0.1 } } } }',
      'REPEATED_AXIS sweep.ablate.factors.fast.optimizer.lr',
    ],
    [
      'with a comparison by order of a key that takes no numbers',
      '{ exclude: [{ model.cell: { gt: 1 } }] }',
      'BAD_COMPARISON sweep.exclude[0].model.cell.gt',
    ],
    [
      'with an axis that exists where a name is at most a number',
      '{ grid: { model.layers: [1, 2] }, when: { model.layers: { model.pooling: { le: 1 } } } }',
      'BAD_COMPARISON sweep.when.model.layers.model.pooling.le',
    ],
    [
      'with a factor that is nothing',
      '{ ablate: { factors: { deep: {} } } }',
      'EMPTY_FACTOR sweep.ablate.factors.deep',
    ],
    [
      'with too small a fraction',
      '{ ablate: { mode: factorial, fraction: 1/4, factors: { a: { model.layers: 2 }, b: { model.hidden: 8 }, c: { train.epochs: 2 } } } }',
      'BAD_FRACTION sweep.ablate.fraction',
    ],
    [
      'with a fraction of no factorial',
      '{ ablate: { fraction: 1/2, factors: { a: { model.layers: 2 }, b: { model.hidden: 8 } } } }',
      'NO_EFFECT sweep.ablate.fraction',
    ],
  ])('%s', (_, sweep, code) => {
    expect(codes(sweep)).toContain(code);
  });

  it('with more trials than can be planned, counted before anything is built', () => {
    const many = Array.from({ length: 40 }, (_, n) => `f${n}: { data.train.l${n}: a }`).join(', ');
    const [message] = messages(`{ ablate: { mode: factorial, factors: { ${many} } } }`);
    expect(message).toContain('1,099,511,627,776 trials');
    expect(
      messages('{ seeds: 1000, random: { samples: 1000000000, space: { optimizer.lr: { uniform: [1, 2] } } } }')[0],
    ).toContain('1,000,000,000,000 trials');
  });
});

function messages(sweep: string): readonly string[] {
  return diagnosticsOf(validPipeline({ sweep: `sweep: ${sweep}` })).map(({ message }) => message);
}
