import { describe, expect, test } from 'vitest';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import { summarise } from '../../../src/report/summarise.js';
import { plannedRun } from '../planned-run.js';
import { sampleRun, writeRun } from '../sample-run.js';

async function reportOf(name: string, ...settings: readonly string[]): Promise<string> {
  return renderMarkdown(summarise(await loadRun(writeRun(plannedRun(name, settings)))));
}

/** A section or sub-section, from its heading to the next of its level. */
function partOf(report: string, heading: string): string {
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  return report.split(`\n${heading}\n\n`)[1]?.split(`\n\n${level}`)[0] ?? '';
}

describe('the template `epochs`', () => {
  test('prints what each training would have printed, then the main metric by epoch', async () => {
    const report = await reportOf('imdb-cells', 'report.template=epochs', 'train.epochs=2');
    const log = partOf(report, '## Training log');
    expect(log).toContain('Loss and accuracy are means over batches, then over seeds.');
    expect(partOf(log, '### rnn')).toMatch(
      /^```text\nepoch 1\/2 {2}train loss 0\.\d{6}, train accuracy 0\.\d{6} \/ test loss 0\.\d{6}, test accuracy 0\.\d{6}\nepoch 2\/2 /,
    );
    expect(log).toMatch(
      /### Test accuracy after each epoch\n\n\| arm {2}\| +1 \| +2 \|\n.*\n\| lstm \| 0\.\d{4} ± 0\.\d{4} \|/,
    );
    expect(report.indexOf('## Training log')).toBeLessThan(report.indexOf('## Results'));
    expect(report).not.toContain('## Per epoch');
  });

  test('says of how many seeds a line is, where not all of them trained as long or have a number', async () => {
    const run = sampleRun({ pipeline: 'report: { template: epochs }\n' });
    for (const result of run.results.values()) {
      const [first, second] = result.epochs;
      const longer = result.seed === 2 ? [{ ...second!, epoch: 3 }] : [];
      const diverged = { ...first!, train: { ...first!.train, loss_over_batches: Number.NaN } };
      const start = result.seed === 0 && result.arm === '002-gru' ? diverged : first!;
      run.results.set(result.trial, { ...result, epochs: [start, second!, ...longer] });
    }
    const report = renderMarkdown(summarise(await loadRun(writeRun(run))));
    const [one, two, three] = partOf(report, '### lstm').split('\n').slice(1);
    expect(`${one}${two}`).not.toContain('n =');
    expect(three).toMatch(/^epoch 3\/3 .*test accuracy 0\.\d{6} \(n = 1\)$/);
    expect(partOf(report, '### gru').split('\n')[1]).toMatch(
      /train loss 0\.\d{6} \(n = 2\), train accuracy 0\.\d{6} \/ test loss 0\.\d{6}, test accuracy 0\.\d{6}$/,
    );
  });

  test('thins long trainings', async () => {
    const run = sampleRun({ seeds: [0], pipeline: 'report: { template: epochs }\n' });
    for (const result of run.results.values()) {
      const epochs = Array.from({ length: 500 }, (_, i) => ({ ...result.epochs[0]!, epoch: i + 1 }));
      run.results.set(result.trial, { ...result, epochs });
    }
    const report = renderMarkdown(summarise(await loadRun(writeRun(run))));
    expect(partOf(report, '### lstm').split('\n').length).toBeLessThan(50);
    expect(report).toContain('epoch   1/500');
    expect(report).toContain('epoch 500/500');
    expect(report).toContain('11 of 500 epochs are shown; the run folder has all, in `trials/*/result.json`.');
  });
});

describe('the template `blocks`', () => {
  test('has a block for each variant: figures with their labels, what it wrote, one line on how it compares', async () => {
    const report = await reportOf('time-machine', 'report.template=blocks', 'report.language=zh');
    const block = partOf(report, '### batch 64');
    expect(block).toMatch(/^- 困惑度（验证集）：1\.\d{4} ± /);
    expect(block).toMatch(/- 困惑度（训练集）：1\.\d{4} ± 0\.\d{4}（R3：2\.3 \(−1\.17\)）\n- 速度 \(tokens\/s\)：/);
    expect(block).toMatch(/- 训练时间 \(s\)：[\d.]+ ± [\d.]+\n- 预测时间 \(s\)：0\.3/);
    expect(block).toContain('```text\ntime traveller himwas of it\n');
    expect(block).toMatch(
      /与 library LSTM 相比：验证集困惑度 \+0\.\d{4}（95% 区间 .+）：.+。训练时间为其 1\.\d\d 倍。$/,
    );
    expect(partOf(report, '### library LSTM')).toMatch(/其他配置与此基准比较。$/);
    expect(report).not.toContain('## 生成的文本');
  });

  test('says so when a variant has no complete trial, and when there is one seed', async () => {
    const run = plannedRun('time-machine', ['report.template=blocks', 'report.language=en', 'sweep.seeds=1']);
    run.results.delete('003-batch-64-s0');
    const report = renderMarkdown(summarise(await loadRun(writeRun(run))));
    expect(partOf(report, '### batch 64')).toBe('No trial is complete.');
    expect(partOf(report, '### 60 steps')).toMatch(
      /Against library LSTM: Validation perplexity \+0\.\d{4}; one seed cannot say whether that is chance\. Training takes/,
    );
  });
});

describe('pivot tables', () => {
  test('mark cells that lack settings, and set none of their means in bold', async () => {
    const settings = (language: string) => [
      'sweep={seeds: 2, grid: {model.cell: [rnn, gru, lstm], model.hidden: [8, 16]}, exclude: [{model.cell: lstm, model.hidden: 16}]}',
      'report.tables=[{rows: [model.cell], metric: test.accuracy, baseline: {model.cell: rnn}}]',
      `report.language=${language}`,
    ];
    const section = partOf(await reportOf('quickstart', ...settings('en')), '## Tables');
    expect(section).toContain('†: without some of the combinations of these settings that other cells average over');
    expect(section).toContain('paired by seed, over the combinations that both have.');
    expect(section).toMatch(/\| gru +\| \*\*0\.\d{4} ± 0\.\d{4}\*\* \(\+0\.\d{4}\) \|/);
    expect(section).toMatch(/\| lstm +\| +0\.\d{4} ± 0\.\d{4}† \(\+0\.\d{4}\) \|/);
    expect(partOf(await reportOf('quickstart', ...settings('zh')), '## 表格')).toContain(
      '†：缺少其他单元格取均值的部分设置组合',
    );
  });

  const cellsAndPooling = 'sweep.grid={model.cell: [rnn, gru, lstm], model.pooling: [last, max, mean]}';
  const table = (more: string): string =>
    `report.tables=[{title: Cells, rows: [model.cell], columns: [model.pooling], metric: test.accuracy${more}}]`;

  test('lay one metric over two settings, the best of each column in bold', async () => {
    const section = partOf(await reportOf('quickstart', cellsAndPooling, table('')), '## Tables');
    expect(section).toMatch(
      /^### Cells\n\nTest accuracy; mean ± sample standard deviation over seeds\.\n\n\| model\.cell \|/,
    );
    expect(section).toMatch(/\| model\.cell \| +last \| +max \| +mean \|/);
    expect(section.match(/\*\*/g)).toHaveLength(6);
  });

  test('give differences from a baseline, paired by seed, in the order asked for', async () => {
    const settings =
      ', baseline: {model.cell: lstm, model.pooling: last}, digits: 2, sort: descending, highlight: none';
    const section = partOf(await reportOf('quickstart', cellsAndPooling, table(settings)), '## Tables');
    expect(section).toContain('In brackets: the difference from the baseline, paired by seed.');
    expect(section.match(/\([+−]0\.\d\d\)/g)).toHaveLength(8);
    expect(
      section
        .split('\n')
        .slice(6)
        .map((line) => line.slice(2, 6)),
    ).toEqual(['gru ', 'lstm', 'rnn ']);
    expect(section).not.toContain('**');
  });

  test('average over what they leave out, and take the settings of the pipeline where the sweep has none', async () => {
    const section = partOf(
      await reportOf('quickstart', 'report.tables=[{rows: [model.layers], metric: timing.train_seconds}]'),
      '## Tables',
    );
    expect(section).toContain('Settings that are in neither rows nor columns are averaged over.');
    expect(section).toMatch(/\| model\.layers \| +train \(s\) \|\n.*\n\| 1 +\| \d+\.\d{4} ± /);
  });

  test('can have the variants for rows', async () => {
    const settings = 'report.tables=[{rows: [arm], columns: [model.pooling], metric: test.accuracy, baseline: base}]';
    const section = partOf(await reportOf('sentiment-ablation', settings), '## Tables');
    expect(section).toMatch(/\| arm +\| +last \| +max \|/);
    expect(section).toMatch(/\| only max pooling +\| +\| +\**0\.\d{4} ± 0\.\d{4}\** \([+−]/);
  });
});

test('settings that name no arm are problems of the report, not its end', async () => {
  // As a run of a part of the sweep has them, or one whose pipeline was planned before this was refused.
  const run = plannedRun('imdb-cells');
  const reference = [{ arm: { 'model.hidden': 7 }, metrics: { 'test.accuracy': 1 } }];
  run.plan = { ...run.plan, report: { ...run.plan.report, baseline: 'nothing like it', reference } };
  const report = renderMarkdown(summarise(await loadRun(writeRun(run))));
  const problems = partOf(report, '## Problems with the run folder');
  expect(problems).toContain('- pipeline.yaml: report.baseline names no arm of this run: "nothing like it"');
  expect(problems).toContain('report.reference\\[0\\].arm names no arm of this run: {"model.hidden":7}');
});

test.each(['zh', 'en'])('every template can be had in %s', async (language) => {
  for (const template of ['comparison', 'epochs', 'blocks']) {
    const report = await reportOf('quickstart', `report.template=${template}`, `report.language=${language}`);
    expect(report).toContain(language === 'zh' ? '## 结果' : '## Results');
    expect(report).not.toContain('undefined');
    if (language === 'zh') expect(report).not.toMatch(/## [A-Z]/);
  }
});
