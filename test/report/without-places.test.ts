import { expect, it } from 'vitest';
import { loadRun } from '../../src/report/load/load-run.js';
import { readReportText } from '../../src/report/load/read-report-file.js';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.js';
import { renderJson } from '../../src/report/render-json.js';
import { summarise } from '../../src/report/summarise.js';
import { plannedRun } from './planned-run.js';
import { writeRun } from './sample-run.js';

it('tells no folder of the machine that a run was made on', async () => {
  const run = plannedRun('quickstart', ['data.source={file: /home/me/data/mails.tar.gz}']);
  const command = [
    'sweep',
    'p.yaml',
    '--runs=/home/me/work/runs',
    '--set',
    'data.source.file=/home/me/data/mails.tar.gz',
  ];
  const info = { ...run.info, working_directory: '/home/me/work', command };
  const data = summarise(await loadRun(writeRun({ ...run, info })));
  expect(data.run.info?.command.slice(2)).toEqual(['--runs=runs', '--set', 'data.source.file=../data/mails.tar.gz']);
  expect(data.run.sources).toEqual(['../data/mails.tar.gz']);
  expect(renderJson(data)).not.toContain('/home/me');
  expect(renderMarkdown(data)).not.toContain('/home/me');
  expect(await readReportText(renderJson(data), 'report.json')).toEqual(JSON.parse(renderJson(data)));
});
