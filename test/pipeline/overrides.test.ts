import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { codesOf, diagnosticsOf } from './frames.js';
import { validPipeline } from './valid-pipeline.js';

const overridden = (sections: { readonly [section: string]: string }, ...overrides: string[]) => {
  const file = readPipeline({ file: 'p.yaml', text: validPipeline(sections), overrides });
  expect(file.diagnostics).toEqual([]);
  return file.pipeline!;
};

describe('overrides of the command line', () => {
  it('set any key to a YAML value, the last one winning', () => {
    const { train, metrics } = overridden({}, 'train.epochs=2', 'metrics=[accuracy, f1]', 'train.epochs=3');
    expect([train, metrics]).toEqual([{ epochs: 3 }, ['accuracy', 'f1']]);
  });

  it('remove a key with null', () => {
    expect(overridden({ x: 'train: { epochs: 2, clip_norm: 1 }' }, 'train.clip_norm=null').train).toEqual({
      epochs: 2,
    });
  });

  it('set a key within a short form', () => {
    expect(overridden({ x: 'loss: label_smoothing' }, 'loss.smoothing=0.2').loss).toEqual({
      type: 'label_smoothing',
      smoothing: 0.2,
    });
  });

  it('replace a source by another kind of source', () => {
    const data = `data:
  source: { url: "https://example.org/a.csv", md5: 7c2ac02c03563afcf9b574c7e56c153a }
  format: csv`;
    expect(overridden({ data }, 'data.source.file=a.csv').data.source).toEqual({ file: 'a.csv' });
  });

  it('reach into the axes of a sweep, whose keys have dots', () => {
    const { sweep } = overridden({ x: 'sweep: { grid: { model.cell: [rnn] } }' }, 'sweep.grid.model.cell=[gru, lstm]');
    expect(sweep?.grid).toEqual({ 'model.cell': ['gru', 'lstm'] });
  });

  it.each([
    ['without a value', 'train.epochs', 'BAD_OVERRIDE train.epochs'],
    ['with an empty value', 'train.epochs=', 'BAD_OVERRIDE train.epochs'],
    ['of an unknown key', 'train.epoch=1', 'UNKNOWN_KEY train.epoch'],
    ['with a value that the key refuses', 'train.epochs=none', 'BAD_VALUE train.epochs'],
    ['of the files that a pipeline is made of', 'extends=base.yaml', 'BAD_OVERRIDE extends'],
    ['of a block of another file', 'include=[{ file: a.yaml, block: b }]', 'BAD_OVERRIDE include'],
    ['that would take a file away', 'extends=null', 'BAD_OVERRIDE extends'],
    ['that is not YAML', 'metrics=[accuracy', 'YAML_SYNTAX '],
    ['that removes a key that must be there', 'model.cell=null', 'MISSING_KEY model'],
  ])('are refused %s', (_, override, code) => {
    expect(codesOf(validPipeline(), [override])).toEqual([code]);
  });

  it('are where their errors are located', () => {
    const [diagnostic] = diagnosticsOf(validPipeline(), ['model.hidden=large']);
    expect(diagnostic?.location).toEqual({ file: '--set model.hidden=large', line: 1, column: 20, endColumn: 25 });
  });
});
