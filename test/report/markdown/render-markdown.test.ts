import { describe, expect, test } from 'vitest';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import { summarise } from '../../../src/report/summarise.js';
import { endOtherwise, neverFinished, type SampleRun, sampleRun, TWO_ARMS, writeRun } from '../sample-run.js';

async function reportOf(run: SampleRun): Promise<string> {
  return renderMarkdown(summarise(await loadRun(writeRun(run))));
}

/** The section under a heading, without it. */
function sectionOf(report: string, heading: string): string {
  return report.split(`\n## ${heading}\n\n`)[1]?.split('\n\n## ')[0] ?? '';
}

test('the whole report of a small run', async () => {
  const pipeline = 'name: sample\ndescription: Spam or ham?\nreport: { notes: [Mails are cut after 64 words.] }\n';
  expect(await reportOf(sampleRun({ pipeline }))).toMatchInlineSnapshot(`
    "# sample

    Spam or ham?

    2 arms × 3 seeds (6 trials): 6 complete. Data: my mails.csv, 2,400 for train, 600 for test, vocabulary 5,000, classes ham, spam. Engine: native (avx2), 1 thread. Started 2026-11-22 09:00 UTC, ran for 2 min 5 s.

    Mails are cut after 64 words.

    ## Results

    Mean ± sample standard deviation over n = 3 seeds. Bold is the best mean of its column, not a statement of significance.

    ### Test

    | model.cell | parameters |            accuracy |                loss |                  F1 |
    | :--------- | ---------: | ------------------: | ------------------: | ------------------: |
    | lstm       |    161,346 |     0.8100 ± 0.0100 |     0.1900 ± 0.0100 |     0.8090 ± 0.0100 |
    | gru        |    159,346 | **0.8226 ± 0.0100** | **0.1774 ± 0.0100** | **0.8216 ± 0.0100** |

    ### Training

    | model.cell | parameters |            accuracy |                loss |
    | :--------- | ---------: | ------------------: | ------------------: |
    | lstm       |    161,346 |     0.8600 ± 0.0100 |     0.1400 ± 0.0100 |
    | gru        |    159,346 | **0.8726 ± 0.0100** | **0.1274 ± 0.0100** |

    Running figures of the last epoch, measured while training.

    ## Figures

    ![Test accuracy of each arm](figures/intervals.svg)

    *Each arm: mean (dot), 95 % interval of the mean (bar) and every seed (ticks).*

    ![Learning curves](figures/learning-curves.svg)

    *Learning curves: mean over seeds, the band is one standard deviation.*

    ![Confusion matrices](figures/confusion.svg)

    *Confusion matrices, summed over seeds; shaded by the share of the actual class.*

    ## Comparisons

    Test accuracy, paired by seed. The arms are told apart when p by the paired t-test is below 0.05. With n = 3 the sign-flip test cannot give a p below 0.250.

    | arm        | difference |     95 % interval |  n | p (paired t) | p (sign flip) | effect size d_z | finding       |
    | :--------- | ---------: | ----------------: | -: | -----------: | ------------: | --------------: | :------------ |
    | gru − lstm |    +0.0126 | +0.0112 … +0.0141 |  3 |      < 0.001 |         0.250 |          +21.88 | gru is better |

    ## Per epoch

    ### Over samples

    Each cell: train loss, train accuracy / test loss, test accuracy; mean over seeds.

    | epoch | lstm                            | gru                             |
    | ----: | :------------------------------ | :------------------------------ |
    |     1 | 0.9000, 0.7100 / 0.8000, 0.7600 | 0.9000, 0.7226 / 0.8000, 0.7726 |
    |     2 | 0.4500, 0.7600 / 0.4000, 0.7850 | 0.4500, 0.7726 / 0.4000, 0.7976 |

    ### Over batches

    Each cell: train loss, train accuracy; mean over seeds.

    | epoch | lstm           | gru            |
    | ----: | :------------- | :------------- |
    |     1 | 0.9100, 0.7000 | 0.9100, 0.7126 |
    |     2 | 0.4550, 0.7550 | 0.4550, 0.7676 |

    ## Per class

    | arm  | class |       precision |          recall |              F1 | examples |
    | :--- | :---- | --------------: | --------------: | --------------: | -------: |
    | lstm | ham   | 0.8100 ± 0.0100 | 0.8100 ± 0.0100 | 0.8100 ± 0.0100 |      300 |
    | lstm | spam  | 0.8100 ± 0.0100 | 0.8100 ± 0.0100 | 0.8100 ± 0.0100 |      300 |
    | gru  | ham   | 0.8226 ± 0.0100 | 0.8226 ± 0.0100 | 0.8226 ± 0.0100 |      300 |
    | gru  | spam  | 0.8226 ± 0.0100 | 0.8226 ± 0.0100 | 0.8226 ± 0.0100 |      300 |

    ### Confusion matrix

    Confusion matrices are summed over seeds.

    **lstm**

    | actual ↓ predicted → | ham | spam |
    | :------------------- | --: | ---: |
    | ham                  | 729 |  171 |
    | spam                 | 171 |  729 |

    **gru**

    | actual ↓ predicted → | ham | spam |
    | :------------------- | --: | ---: |
    | ham                  | 741 |  159 |
    | spam                 | 159 |  741 |

    ## Model

    ### lstm

    \`\`\`text
    Classifier(
      (rnn): LSTM(32, 32, batch_first=True)
    )
    \`\`\`

    161,346 parameters

    ### gru

    \`\`\`text
    Classifier(
      (rnn): GRU(32, 32, batch_first=True)
    )
    \`\`\`

    159,346 parameters

    ## Time and throughput

    Mean over the complete trials ± sample standard deviation.

    | model.cell |  train (s) | evaluate (s) |  total (s) |  batches/s |    tokens/s | peak memory (MB) |
    | :--------- | ---------: | -----------: | ---------: | ---------: | ----------: | ---------------: |
    | lstm       | 20.5 ± 0.0 |  3.00 ± 0.00 | 26.1 ± 1.0 | 30.6 ± 0.0 | 391,000 ± 0 |          212 ± 0 |
    | gru        | 22.5 ± 0.0 |  3.00 ± 0.00 | 26.1 ± 1.0 | 30.6 ± 0.0 | 391,000 ± 0 |          212 ± 0 |

    ## Warnings

    - model.dropout does nothing with one layer (3 trials)

    ## Provenance

    - run: 20261122-090000-sample-3f9c
    - started: 2026-11-22 09:00 UTC
    - command: sweep pipelines/sample.yaml --set 'data.source.file=my mails.csv'
    - trials at once: 2
    - git commit: c0ffee0000000000000000000000000000000000 (main), with uncommitted changes
    - versions: Sweepline 0.1.0, Node.js v20.20.2
    - machine: lab: Example CPU @ 2.5GHz, 2 cores, 8.00 GB, linux-x64
    - data: train 2,400, test 600; sha256 of the source 5555555555555555555555555555555555555555555555555555555555555555, as prepared dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
    - training examples per class: ham 1,400, spam 1,000"
  `);
});

test('the same run gives the same bytes', async () => {
  expect(await reportOf(sampleRun())).toBe(await reportOf(sampleRun()));
});

describe('the results table', () => {
  test('calls no loss the best among arms that were trained by different losses', async () => {
    const arms = TWO_ARMS.map((arm, n) => ({ ...arm, settings: { ...arm.settings, loss: ['nll', 'hinge'][n]! } }));
    const [test] = sectionOf(await reportOf(sampleRun({ arms })), 'Results').split('### Training');
    expect(test).toContain('| **0.8226 ± 0.0100** | 0.1774 ± 0.0100 |');
  });

  test('sets every mean in bold that looks best', async () => {
    const run = sampleRun();
    for (const result of run.results.values()) {
      const loss = result.arm === '001-lstm' ? 0.3 : 0.300001;
      run.results.set(result.trial, { ...result, metrics: { test: { loss, accuracy: 0.5 + result.seed / 100 } } });
    }
    expect(sectionOf(await reportOf(run), 'Results')).toContain(
      '| lstm       |    161,346 | **0.5100 ± 0.0100** | **0.3000 ± 0.0000** |\n' +
        '| gru        |    159,346 | **0.5100 ± 0.0100** | **0.3000 ± 0.0000** |',
    );
  });

  test('takes the smaller for the better in losses and perplexities', async () => {
    const run = sampleRun({ seeds: [0] });
    for (const result of run.results.values()) {
      const perplexity = result.arm === '001-lstm' ? 1.1 : 9.9;
      run.results.set(result.trial, { ...result, metrics: { test: { loss: Math.log(perplexity), perplexity } } });
    }
    expect(sectionOf(await reportOf(run), 'Results')).toContain('| **1.1000** | **0.0953** |');
  });

  test('says n for each arm when arms differ, and shows no spread for one value', async () => {
    const run = sampleRun();
    for (const seed of [0, 1]) endOtherwise(run, `001-lstm-s${seed}`, { state: 'killed' });
    const section = sectionOf(await reportOf(run), 'Results');
    expect(section).toContain('Mean ± sample standard deviation over the complete trials (n).');
    expect(section).toContain('| lstm       | 1 / 3 |    161,346 |              0.8200 |');
  });

  test('warns when there is one seed', async () => {
    const report = await reportOf(sampleRun({ seeds: [0] }));
    expect(report).toContain('One seed each (n = 1): nothing here says how much of a difference is chance.');
    expect(report).not.toContain('## Comparisons');
    expect(report).not.toContain('±');
  });

  test('hides settings that never vary and names arms by those that do', async () => {
    const arms = ['last', 'max'].map((pooling, i) => ({
      id: `00${i}-${pooling}`,
      label: `model.cell=lstm, model.pooling=${pooling}, model.layers=2`,
      settings: { 'model.cell': 'lstm', 'model.pooling': pooling, 'model.layers': 2 },
    }));
    const section = sectionOf(await reportOf(sampleRun({ arms })), 'Results');
    expect(section).toContain('| model.pooling | parameters |');
    expect(section).toContain('| last          |');
  });

  test('has a column for each of several settings', async () => {
    const arms = [true, false].flatMap((bidirectional) =>
      ['rnn', 'gru'].map((cell) => ({
        id: `${cell}-${bidirectional}`,
        label: `model.cell=${cell}, model.bidirectional=${bidirectional}`,
        settings: { 'model.cell': cell, 'model.bidirectional': bidirectional },
      })),
    );
    const report = await reportOf(sampleRun({ arms }));
    expect(sectionOf(report, 'Results')).toContain('| model.cell | model.bidirectional | parameters |');
    expect(sectionOf(report, 'Per epoch')).toContain('| epoch | rnn, bidirectional=true ');
  });

  test('names variants by their own names', async () => {
    const arms = [
      { id: '001-base', label: 'base', settings: {} },
      { id: '002-big', label: 'larger hidden layer', settings: { 'model.hidden': 512 } },
    ];
    expect(sectionOf(await reportOf(sampleRun({ arms })), 'Results')).toContain('| larger hidden layer |');
  });

  test('shows published figures beside ours: covered by mean ± std, or how far off', async () => {
    const pipeline = `report:
  reference:
    - { arm: { model.cell: gru }, metrics: { test.accuracy: 0.857 }, source: R0 }
    - { arm: { model.cell: lstm }, metrics: { test.accuracy: 0.81 }, source: R1 }
    - { arm: { model.cell: gru }, metrics: { test.accuracy: 0.8 }, source: R1 }
`;
    const section = sectionOf(await reportOf(sampleRun({ pipeline })), 'Results');
    expect(section).toContain('accuracy |   accuracy, R0 | accuracy, R1 |');
    expect(section).toContain('    0.8100 ± 0.0100 |                |       0.81 ✓ |');
    expect(section).toContain('**0.8226 ± 0.0100** | 0.857 (−0.034) | 0.80 (+0.02) |');
    expect(section).toContain('✓: our mean ± standard deviation covers the published figure as it is rounded.');
  });

  test('names arms that share their trials', async () => {
    const run = sampleRun();
    const [lstm] = run.plan.arms;
    const dropout = {
      id: '003-dropout',
      label: 'dropout',
      settings: {},
      trial_ids: ['001-lstm-s0', '001-lstm-s1', '001-lstm-s2'],
    };
    run.plan = { ...run.plan, arms: [...run.plan.arms, dropout] };
    const section = sectionOf(await reportOf(run), 'Results');
    expect(section).toContain(`The same as ${lstm!.label}, and the same trials: dropout.`);
    expect(section.match(/0\.8100 ± 0\.0100/g)).toHaveLength(2);
  });

  test('names figures that are no numbers', async () => {
    const run = sampleRun();
    const result = run.results.get('001-lstm-s1')!;
    run.results.set(result.trial, { ...result, metrics: { test: { ...result.metrics.test!, f1: Number.NaN } } });
    const section = sectionOf(await reportOf(run), 'Results');
    expect(section).toContain('0.8090 ± 0.0141 (n = 2)');
    expect(section).toContain('- test.f1 is not a number for lstm with seed 1: left out of the mean.');
  });
});

describe('runs that went wrong', () => {
  test('list each trial that is not complete, with its reason, hint and log', async () => {
    const run = sampleRun();
    endOtherwise(run, '001-lstm-s1', {
      state: 'failed',
      error: { code: 'DATA_MISSING', message: 'expected a file,\nfound nothing at a|b', hint: 'see `data.source`' },
    });
    neverFinished(run, '002-gru-s1', { started: true });
    neverFinished(run, '002-gru-s2', { started: false });
    run.journal.pop();
    const report = await reportOf(run);
    expect(report).toContain('2 arms × 3 seeds (6 trials): 3 complete, 1 failed, 1 interrupted, 1 pending.');
    expect(report).toContain('The run has not ended: this is what there is so far.');
    expect(sectionOf(report, 'Trials that are not complete')).toBe(
      [
        '| trial       | arm  | state       | reason                                                     | hint                | log                        |',
        '| :---------- | :--- | :---------- | :--------------------------------------------------------- | :------------------ | :------------------------- |',
        '| 001-lstm-s1 | lstm | failed      | expected a file, found nothing at a\\|b, after epoch 1 of 2 | see \\`data.source\\` | trials/001-lstm-s1/log.txt |',
        '| 002-gru-s1  | gru  | interrupted | after epoch 1 of 2                                         |                     | trials/002-gru-s1/log.txt  |',
        '| 002-gru-s2  | gru  | pending     | never started                                              |                     |                            |',
      ].join('\n'),
    );
  });

  test('have a report when every trial failed', async () => {
    const run = sampleRun();
    for (const id of run.results.keys())
      endOtherwise(run, id, { state: 'failed', error: { code: 'X', message: 'no' } });
    const report = await reportOf(run);
    expect(report).toContain('6 failed.');
    expect(report).toContain('No trial is complete, so there are no results.');
    expect(report).not.toContain('## Results');
    expect(report).toContain('## Provenance');
  });

  test('have a report when there is nothing to run', async () => {
    expect(await reportOf(sampleRun({ arms: [] }))).toContain('No trials: the plan is empty.');
  });

  test('count many trials that never started instead of listing them', async () => {
    const run = sampleRun({ seeds: Array.from({ length: 20 }, (_, seed) => seed) });
    for (const { id } of run.plan.trials) neverFinished(run, id, { started: false });
    expect(sectionOf(await reportOf(run), 'Trials that are not complete')).toBe(
      'and 40 trials more that never started',
    );
  });
});

describe('text from data', () => {
  test('cannot become HTML or break a table, wherever it stands', async () => {
    const evil = '<script>alert("x")</script>|`&\n# heading';
    const arms = TWO_ARMS.map((arm) => ({ ...arm, label: `${arm.label} ${evil}` }));
    const run = sampleRun({
      arms,
      pipeline: JSON.stringify({ description: evil, report: { title: evil, notes: [evil] } }),
    });
    run.info = { ...run.info, name: evil, command: [evil], machine: { ...run.info.machine, cpu: evil, host: evil } };
    for (const result of run.results.values()) {
      run.results.set(result.trial, {
        ...result,
        warnings: [evil],
        generated: [{ prefix: evil, text: evil }],
        data: { ...result.data!, classes: [evil, 'spam'] },
        engine: { ...result.engine!, device: evil },
        model: { ...result.model!, text: `\`\`\`\n${evil}` },
      });
    }
    endOtherwise(run, '001-lstm-s0', { state: 'failed', error: { code: 'X', message: evil, hint: evil } });
    const report = await reportOf(run);
    const outsideFences = report.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    expect(outsideFences).not.toContain('<script');
    const tables = outsideFences.split('\n\n').filter((block) => block.startsWith('| '));
    expect(tables.length).toBeGreaterThan(4);
    for (const table of tables) {
      const widths = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});

describe('the layout', () => {
  test('leaves out sections that are switched off', async () => {
    const off = ['results', 'figures', 'statistics', 'epochs', 'classes', 'model', 'timing', 'provenance'];
    const pipeline = `report: { sections: { ${off.map((name) => `${name}: false`).join(', ')} } }\n`;
    expect((await reportOf(sampleRun({ pipeline }))).match(/^## .*/gm)).toEqual(['## Warnings']);
  });

  test('speaks Chinese when asked to', async () => {
    const run = sampleRun({ pipeline: 'report: { language: zh, title: 垃圾邮件 }\n' });
    for (const result of run.results.values()) {
      const timing = { ...result.timing, predict_seconds: 0.36789 };
      run.results.set(result.trial, { ...result, timing, metrics: { test: { loss: 0.1, perplexity: 1.1 } } });
    }
    const report = await reportOf(run);
    expect(report).toContain('计算引擎：native (avx2)，1 线程。');
    expect(report.match(/^## .*/gm)).toEqual([
      '## 结果',
      '## 图表',
      '## 比较',
      '## 各轮结果',
      '## 模型',
      '## 时间与速度',
      '## 警告',
      '## 来源信息',
    ]);
    for (const word of [
      '# 垃圾邮件',
      '困惑度',
      '速度 (tokens/s)',
      '训练时间 (s)',
      '预测时间 (s)',
      '均值 ± 样本标准差',
    ]) {
      expect(report).toContain(word);
    }
  });

  test('prints a model that arms share once, and names them', async () => {
    const arms = [...TWO_ARMS, { id: '003-max', label: 'max', settings: {} }].map((arm) => ({ ...arm, label: arm.id }));
    const section = sectionOf(await reportOf(sampleRun({ arms })), 'Model');
    expect(section.match(/^### .*/gm)).toEqual(['### 001-lstm', '### 002-gru', '### 003-max']);
    const same = sampleRun({ arms });
    const model = [...same.results.values()][0]!.model;
    for (const result of same.results.values()) same.results.set(result.trial, { ...result, model });
    expect(sectionOf(await reportOf(same), 'Model').match(/```text/g)).toHaveLength(1);
  });

  test('says how much of the vocabulary pretrained vectors cover, for each arm that has them', async () => {
    const run = sampleRun();
    for (const result of run.results.values()) {
      if (result.arm === '001-lstm') {
        run.results.set(result.trial, { ...result, data: { ...result.data!, vector_coverage: 0.9376 } });
      }
    }
    const section = sectionOf(await reportOf(run), 'Model');
    expect(section.match(/Pretrained.*/g)).toEqual(['Pretrained vectors for 93.8 % of the vocabulary']);
  });

  test('shows what was generated, one line for each prefix', async () => {
    const run = sampleRun({ seeds: [3] });
    for (const result of run.results.values()) {
      const generated = [
        { prefix: 'time traveller', text: ' said\nnothing' },
        { prefix: 'the', text: 'the end' },
      ];
      run.results.set(result.trial, { ...result, generated });
    }
    expect(sectionOf(await reportOf(run), 'Generated text')).toContain(
      '### lstm, seed 3\n\n```text\ntime traveller said⏎nothing\nthe end\n```',
    );
  });

  test('thins long trainings to about twenty rows with the last epoch', async () => {
    const run = sampleRun({ seeds: [0] });
    for (const result of run.results.values()) {
      const epochs = Array.from({ length: 500 }, (_, i) => ({ ...result.epochs[0]!, epoch: i + 1 }));
      run.results.set(result.trial, { ...result, epochs });
    }
    const section = sectionOf(await reportOf(run), 'Per epoch');
    expect(section).toContain('21 of 500 epochs are shown');
    expect(section).toMatch(/^\| +500 \|/m);
  });
});
