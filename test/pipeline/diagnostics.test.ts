import { describe, expect, it } from 'vitest';
import { framesOf } from './frames.js';
import { validPipeline } from './valid-pipeline.js';

describe('the text of a mistake, frame and caret included', () => {
  it('underlines a misspelt key and names the nearest one', () => {
    expect(framesOf(validPipeline({ model: 'model:\n  cel: lstm\n  hidden: 16' }))).toMatchInlineSnapshot(`
      "p.yaml:7:3: error: unknown key \`cel\` in \`model\`
        5 |   split: { train: 0.8, test: 0.2 }
        6 | model:
      > 7 |   cel: lstm
          |   ^^^
        8 |   hidden: 16
        hint: Did you mean \`cell\`?
      "
    `);
  });

  it('shows of a very long line what stands around the mistake', () => {
    const values = Array.from({ length: 500 }, (_, n) => (n === 300 ? '-5' : String(n + 1)));
    const frames = framesOf(validPipeline({ sweep: `sweep:\n  grid:\n    model.hidden: [${values.join(', ')}]` }));
    expect(frames).toMatchInlineSnapshot(`
      "p.yaml:12:1412: error: \`sweep.grid.model.hidden[300]\`: expected a whole number from 1 to 65536, found -5
        10 |
        11 |
      > 12 | … 285, 286, 287, 288, 289, 290, 291, 292, 293, 294, 295, 296, 297, 298, 299, 300, -5, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 3 …
           |                                                                                   ^^
      "
    `);
  });

  it('knows the names of PyTorch', () => {
    expect(framesOf(validPipeline({ model: 'model:\n  cell: lstm\n  hidden_size: 16' }))).toMatchInlineSnapshot(`
      "p.yaml:8:3: error: unknown key \`hidden_size\` in \`model\`
        6 | model:
        7 |   cell: lstm
      > 8 |   hidden_size: 16
          |   ^^^^^^^^^^^
        hint: Did you mean \`hidden\`?
      "
    `);
  });

  it('says where a key belongs that stands at the wrong level', () => {
    expect(framesOf(validPipeline({ x: 'batch_size: 64' }))).toMatchInlineSnapshot(`
      "p.yaml:10:1: error: unknown key \`batch_size\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | batch_size: 64
           | ^^^^^^^^^^
        hint: It belongs at \`train.batch_size\`.
      "
    `);
  });

  it('underlines a bad value and names the nearest one', () => {
    expect(framesOf(validPipeline({ x: 'loss: cross_entrpy' }))).toMatchInlineSnapshot(`
      "p.yaml:10:7: error: \`loss\`: expected one of \`cross_entropy\`, \`label_smoothing\`, \`nll\`, \`bce_with_logits\`, \`mse\`, \`hinge\`, \`focal\`, \`ctc\`, found \`cross_entrpy\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | loss: cross_entrpy
           |       ^^^^^^^^^^^^
        hint: Did you mean \`cross_entropy\`?
      "
    `);
  });

  it('says which range a number must be in', () => {
    expect(framesOf(validPipeline({ x: 'train:\n  epochs: 2.5\n  batch_size: 0' }))).toMatchInlineSnapshot(`
      "p.yaml:11:11: error: \`train.epochs\`: expected a whole number from 1, found 2.5
         9 |   hidden: 16
        10 | train:
      > 11 |   epochs: 2.5
           |           ^^^
        12 |   batch_size: 0

      p.yaml:12:15: error: \`train.batch_size\`: expected a whole number from 1, found 0
        10 | train:
        11 |   epochs: 2.5
      > 12 |   batch_size: 0
           |               ^
      "
    `);
  });

  it('refuses a time limit of nothing, in which no trial would end', () => {
    expect(framesOf(validPipeline({ x: 'train: { timeout: 0s }' }))).toMatchInlineSnapshot(`
      "p.yaml:10:19: error: \`train.timeout\`: expected text such as \`30m\`, found the text \`0s\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | train: { timeout: 0s }
           |                   ^^
        hint: A number above 0 and its unit: s, m or h.
      "
    `);
    expect(framesOf(validPipeline({ x: 'train: { timeout: 0.00h }' }))).toContain('found the text `0.00h`');
    expect(framesOf(validPipeline({ x: 'train: { timeout: 0.5s }' }))).toBe('');
  });

  it('underlines a key that would lose its place in the order', () => {
    const data = 'data:\n  source: { file: a.csv }\n  format: csv\n  labels: { "1": positive, "0": negative }';
    expect(framesOf(validPipeline({ data }))).toMatchInlineSnapshot(`
      "p.yaml:5:28: error: \`data.labels\`: the order counts here, but \`0\` would be read before \`1\`: whole numbers come first, in ascending order
        3 |   source: { file: a.csv }
        4 |   format: csv
      > 5 |   labels: { "1": positive, "0": negative }
          |                            ^^^
        6 | model:
        hint: Write whole numbers first, in ascending order, or the classes as a list, which keeps its order: \`labels: ["1", "0"]\`.
      "
    `);
  });

  it('underlines the parent of a missing key and shows an example', () => {
    expect(framesOf(validPipeline({ model: 'model:\n  cell: lstm' }))).toMatchInlineSnapshot(`
      "p.yaml:6:1: error: \`model\` needs the key \`hidden\`, found none
        4 |   format: csv
        5 |   split: { train: 0.8, test: 0.2 }
      > 6 | model:
          | ^^^^^
        7 |   cell: lstm
        hint: Features of the hidden state (PyTorch's hidden_size). For example \`hidden: 64\`.
      "
    `);
  });

  it('tells one diagnostic for a value with several forms', () => {
    expect(framesOf(validPipeline({ x: 'loss: { type: focal, gama: 2 }' }))).toMatchInlineSnapshot(`
      "p.yaml:10:22: error: unknown key \`gama\` in \`loss\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | loss: { type: focal, gama: 2 }
           |                      ^^^^
        hint: Did you mean \`gamma\`?
      "
    `);
  });

  it('shows how to write a mapping where only a name was given', () => {
    expect(framesOf(validPipeline({ x: 'optimizer: adam' }))).toMatchInlineSnapshot(`
      "p.yaml:10:12: error: \`optimizer\`: expected a mapping, found \`adam\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | optimizer: adam
           |            ^^^^
        hint: Write \`{ type: adam }\`.
      "
    `);
  });

  it('asks a download for its digest', () => {
    const data = 'data:\n  source: { url: "https://example.org/a.csv" }\n  format: csv';
    expect(framesOf(validPipeline({ data }))).toMatchInlineSnapshot(`
      "p.yaml:3:3: error: \`data.source\` needs the key \`md5\` or \`sha1\` or \`sha256\`, found none of them
        1 | name: reviews
        2 | data:
      > 3 |   source: { url: "https://example.org/a.csv" }
          |   ^^^^^^
        4 |   format: csv
      "
    `);
  });

  it('says why a regular expression is refused', () => {
    const data = 'data:\n  source: { file: a.csv }\n  format: csv\n  text: { replace: [{ pattern: "(", with: "" }] }';
    expect(framesOf(validPipeline({ data }))).toMatchInlineSnapshot(`
      "p.yaml:5:32: error: \`data.text.replace[0].pattern\`: expected a regular expression, found \`(\`: Unterminated group
        3 |   source: { file: a.csv }
        4 |   format: csv
      > 5 |   text: { replace: [{ pattern: "(", with: "" }] }
          |                                ^^^
        6 | model:
        hint: It is read as JavaScript reads it, with the u flag.
      "
    `);
  });

  it('underlines the value of a grid that its key refuses', () => {
    const sweep = 'sweep:\n  grid:\n    model.cell: [lstm, grru]\n    model.hidden: [16, big]';
    expect(framesOf(validPipeline({ sweep }))).toMatchInlineSnapshot(`
      "p.yaml:12:24: error: \`sweep.grid.model.cell[1]\`: expected one of \`rnn\`, \`gru\`, \`lstm\`, found \`grru\`
        10 | sweep:
        11 |   grid:
      > 12 |     model.cell: [lstm, grru]
           |                        ^^^^
        13 |     model.hidden: [16, big]
        hint: Did you mean \`gru\`?

      p.yaml:13:24: error: \`sweep.grid.model.hidden[1]\`: expected a whole number from 1 to 65536, found \`big\`
        11 |   grid:
        12 |     model.cell: [lstm, grru]
      > 13 |     model.hidden: [16, big]
           |                        ^^^
      "
    `);
  });

  it('underlines a path of a grid that names no key', () => {
    expect(framesOf(validPipeline({ sweep: 'sweep:\n  grid:\n    model.hiden: [16]' }))).toMatchInlineSnapshot(`
      "p.yaml:12:5: error: \`model.hiden\` names no key of a pipeline
        10 | sweep:
        11 |   grid:
      > 12 |     model.hiden: [16]
           |     ^^^^^^^^^^^
        hint: Did you mean \`model.hidden\`?
      "
    `);
  });

  it('warns once of dropout with one layer, which does nothing', () => {
    const sweep = 'sweep:\n  seeds: 3\n  grid: { model.dropout: [0, 0.5] }';
    expect(framesOf(validPipeline({ sweep }))).toMatchInlineSnapshot(`
      "p.yaml:12:30: warning: \`model.dropout\` has no effect: it acts between layers, and there is one layer (in 1 of 2 arms: \`002-dropout-0.5\`)
        10 | sweep:
        11 |   seeds: 3
      > 12 |   grid: { model.dropout: [0, 0.5] }
           |                              ^^^
      "
    `);
  });

  it('refuses a setting of a loss that the loss does not use', () => {
    const loss = 'loss: { type: cross_entropy, smoothing: 0.1 }';
    expect(framesOf(validPipeline({ loss }))).toMatchInlineSnapshot(`
      "p.yaml:10:41: error: \`loss.smoothing\` has no effect: it applies where \`loss.type\` is \`label_smoothing\`, found \`cross_entropy\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | loss: { type: cross_entropy, smoothing: 0.1 }
           |                                         ^^^
        hint: Remove the key.
      "
    `);
  });

  it('points at the value of the sweep that makes an arm impossible', () => {
    const sweep = 'sweep:\n  grid:\n    model.cell: [lstm, gru]\n    model.projection: [null, 8]';
    expect(framesOf(validPipeline({ sweep }))).toMatchInlineSnapshot(`
      "p.yaml:13:30: error: \`model.projection\` has no effect: it applies where \`model.cell\` is \`lstm\`, found \`gru\` (in 1 of 4 arms: \`004-gru-projection-8\`)
        11 |   grid:
        12 |     model.cell: [lstm, gru]
      > 13 |     model.projection: [null, 8]
           |                              ^
        hint: Remove the key, or leave such arms out with \`sweep.exclude\`.
      "
    `);
  });

  it('refuses what no code runs yet', () => {
    expect(framesOf(validPipeline({ x: 'engine: webgpu' }))).toMatchInlineSnapshot(`
      "p.yaml:10:9: error: not supported yet: \`engine: webgpu\`
         8 |   cell: lstm
         9 |   hidden: 16
      > 10 | engine: webgpu
           |         ^^^^^^
      "
    `);
  });

  it('underlines the part of a claim that is wrong', () => {
    const claims = [
      'test.acuracy > 0.5',
      'test.accuracy[model.cell=gru] > 0.5',
      'test.accuracy >= ',
      'state = complet',
    ];
    expect(framesOf(validPipeline({ x: `expect:\n  - ${claims.slice(2).join('\n  - ')}` }))).toMatchInlineSnapshot(`
      "p.yaml:11:21: error: expected a metric or a number, found the end of the claim
         9 |   hidden: 16
        10 | expect:
      > 11 |   - test.accuracy >=
           |                     ^
        12 |   - state = complet
        hint: A claim looks like \`test.accuracy[model.cell=lstm] >= 0.84\`.

      p.yaml:12:13: error: expected a state (\`complete\`, \`failed\`, \`diverged\`, \`timed_out\`, \`killed\`, \`cancelled\`, \`skipped\`), found \`complet\`
        10 | expect:
        11 |   - test.accuracy >=
      > 12 |   - state = complet
           |             ^^^^^^^
        hint: Did you mean \`complete\`?
      "
    `);
    expect(framesOf(validPipeline({ x: `expect:\n  - ${claims.slice(0, 2).join('\n  - ')}` }))).toMatchInlineSnapshot(`
      "p.yaml:11:5: error: \`test.acuracy\` is not measured
         9 |   hidden: 16
        10 | expect:
      > 11 |   - test.acuracy > 0.5
           |     ^^^^^^^^^^^^
        12 |   - test.accuracy[model.cell=gru] > 0.5
        hint: Did you mean \`test.accuracy\`?

      p.yaml:12:19: error: no arm of the sweep is meant by this
        10 | expect:
        11 |   - test.acuracy > 0.5
      > 12 |   - test.accuracy[model.cell=gru] > 0.5
           |                   ^^^^^^^^^^^^^^
        hint: The arms are \`base\`.
      "
    `);
  });

  it('frames an override of the command line', () => {
    expect(framesOf(validPipeline(), ['model.cel=lstm', 'train.epochs=many'])).toMatchInlineSnapshot(`
      "--set model.cel=lstm: error: unknown key \`model.cel\`
      > 1 | --set model.cel=lstm
          |       ^^^^^^^^^
        hint: Did you mean \`model.cell\`?

      --set train.epochs=many: error: \`train.epochs\`: expected a whole number from 1, found \`many\`
      > 1 | --set train.epochs=many
          |                    ^^^^
      "
    `);
  });

  it('shows a syntax error of YAML', () => {
    expect(framesOf('name: a\ndata: [1, 2\nmodel: b\n')).toMatchInlineSnapshot(`
      "p.yaml:3:1: error: this is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]
        1 | name: a
        2 | data: [1, 2
      > 3 | model: b
          | ^
      "
    `);
  });
});
