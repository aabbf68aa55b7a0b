import { describe, expect, it } from 'vitest';
import { acceptsValue } from '../../src/pipeline/checks/setting.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { knownKeys, pipelineSchema, resolved, type Schema, schemasAt } from '../../src/pipeline/schema.js';
import { type Condition, holds } from '../../src/plan/condition.js';
import { createConfigurator } from '../../src/plan/configurator.js';
import type { SettingValue } from '../../src/plan/plan.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { configOf, planOf } from './plan-of.js';

const labels = (sweep: string) => planOf({ sweep: `sweep: ${sweep}` }).arms.map(({ label }) => label);
const inModel = (condition: Condition, model: string) =>
  holds(condition, configOf({ model: `model: { embedding: { dim: 8 }, cell: lstm, hidden: 16, ${model} }` }));

describe('a condition', () => {
  it('takes durations as they are written, in whatever unit', () => {
    const grid = 'grid: { train.timeout: [30m, 1h] }';
    expect(labels(`{ ${grid}, exclude: [{ train.timeout: 30m }] }`)).toEqual(['train.timeout=1h']);
    expect(labels(`{ ${grid}, exclude: [{ train.timeout: [60m, 5s] }] }`)).toEqual(['train.timeout=30m']);
    expect(labels(`{ ${grid}, exclude: [{ train.timeout: { ne: 0.5h } }] }`)).toEqual(['train.timeout=30m']);
    expect(labels(`{ ${grid}, exclude: [{ train.timeout: { not_in: [3600s] } }] }`)).toEqual(['train.timeout=1h']);
  });

  it('compares a duration by its seconds', () => {
    const exclude = 'exclude: [{ train.timeout: { gt: 1800 } }]';
    expect(labels(`{ grid: { train.timeout: [30m, 1h] }, ${exclude} }`)).toEqual(['train.timeout=30m']);
  });

  it('takes a mapping for every configuration that fulfils it', () => {
    const config = configOf({ x: 'loss: { type: focal, gamma: 3 }\ntrain: { timeout: 30m }' });
    const isHeld = (condition: Condition) => holds(condition, config);
    expect(isHeld({ loss: [{ type: 'focal', gamma: 3 }] })).toBe(true);
    expect(isHeld({ loss: [{ gamma: 3, type: 'focal' }] })).toBe(true);
    expect(isHeld({ loss: { not_in: [{ type: 'focal' }] } })).toBe(false);
    expect(isHeld({ loss: [{ type: 'focal', gamma: 2 }, 'nll'] })).toBe(false);
    expect(isHeld({ train: [{ timeout: '1800s' }] })).toBe(true);
  });

  it('takes a mapping of labels as a whole', () => {
    const config = configOf({
      data: 'data: { source: { file: a.csv }, format: csv, split: { test: 0.2 }, labels: { 0: n, 1: p, 2: u } }',
    });
    expect(holds({ 'data.labels': [{ 0: 'n', 1: 'p' }] }, config)).toBe(false);
    expect(holds({ 'data.labels': [{ 0: 'n', 1: 'p', 2: 'u' }] }, config)).toBe(true);
  });

  it('finds an initialiser for all in that of every group', () => {
    const grid = 'grid: { model.init.normal: [0.1, 0.2] }';
    expect(labels(`{ ${grid}, exclude: [{ model.init.normal: 0.1 }] }`)).toEqual(['model.init.normal=0.2']);
    expect(inModel({ 'model.init.normal': { gt: 0.05 } }, 'init: { normal: 0.1 }')).toBe(true);
    expect(inModel({ 'model.init': [{ normal: 0.1 }] }, 'init: { normal: 0.1 }')).toBe(true);
    expect(inModel({ 'model.init.uniform': 0.1 }, 'init: { normal: 0.1 }')).toBe(false);
    expect(inModel({ 'model.init.normal': 0.1 }, 'init: { recurrent: { normal: 0.1 } }')).toBe(false);
    expect(inModel({ 'model.init.recurrent.normal': 0.1 }, 'init: { recurrent: { normal: 0.1 } }')).toBe(true);
    expect(inModel({ 'model.init.normal': null }, 'init: orthogonal')).toBe(true);
  });

  it('on any key and value holds where the sweep set that very value', () => {
    const { pipeline } = readPipeline({ file: 'p.yaml', text: validPipeline() });
    const configurator = createConfigurator(pipeline!);
    const missed = settings().flatMap(({ path, value }) => {
      const { config } = configurator.configure([{ path, value, origin: [] }]);
      const conditions: readonly Condition[] = [{ [path]: [value] }, { [path]: { in: [value] } }];
      return conditions.every((condition) => holds(condition, config)) ? [] : [`${path}: ${JSON.stringify(value)}`];
    });
    expect(missed).toEqual([]);
  });
});

/** Every setting path with the values that the schema names for it: examples, defaults and words. */
function settings(): readonly { readonly path: string; readonly value: SettingValue }[] {
  const swept = ['task', 'data', 'model', 'loss', 'optimizer', 'train', 'metrics', 'generate', 'engine'];
  return swept.flatMap(pathsFrom).flatMap((path) => {
    const values = schemasAt(pipelineSchema, path.split('.')).flatMap(valuesOf) as readonly SettingValue[];
    return values.filter((value) => value !== null && acceptsValue(path, value)).map((value) => ({ path, value }));
  });
}

function pathsFrom(path: string): readonly string[] {
  const keys = knownKeys(pipelineSchema, path.split('.'));
  return [path, ...keys.flatMap((key) => pathsFrom(`${path}.${key}`))];
}

function valuesOf(schema: Schema): readonly unknown[] {
  const { examples = [], enum: words = [], default: standard, anyOf = [] } = resolved(schema);
  return [...examples, ...words, ...(standard === undefined ? [] : [standard]), ...anyOf.flatMap(valuesOf)];
}
