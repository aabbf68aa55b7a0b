import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const SCRIPT = join(process.cwd(), 'scripts/check-pipelines.sh');
const PIPELINE = `name: tiny
data:
  source: { file: rows.csv }
  format: csv
  columns: { text: text, label: label }
  split: { train: 0.8, test: 0.2 }
  sequence: { length: 4 }
model: { embedding: { dim: 4 }, cell: gru, hidden: 4 }
train: { epochs: 50, batch_size: 4 }
sweep: { seeds: 3, grid: { model.cell: [rnn, gru] } }
expect: [test.accuracy >= 0.99]
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-action-'));
  mkdirSync(join(folder, 'pipelines'));
  const rows = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 'good fine film,1' : 'bad dull film,0'));
  writeFileSync(join(folder, 'rows.csv'), ['text,label', ...rows].join('\n'));
  writeFileSync(join(folder, 'pipelines', 'tiny.yaml'), PIPELINE);
});

async function checked(environment: { readonly [name: string]: string }) {
  const files = { summary: join(folder, 'summary.md'), outputs: join(folder, 'outputs') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const { stdout, exitCode } = await execa('bash', [SCRIPT], {
    cwd: folder,
    reject: false,
    env: {
      RUNNER_TEMP: folder,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_OUTPUT: files.outputs,
      SWEEPLINE_CACHE: join(folder, 'cache'),
      ...environment,
    },
  });
  return {
    stdout,
    exitCode,
    summary: readFileSync(files.summary, 'utf8'),
    outputs: readFileSync(files.outputs, 'utf8'),
  };
}

describe('what the action does', () => {
  test('validates, plans and smoke-runs pipelines, with a summary and JUnit', async () => {
    const { exitCode, summary, outputs } = await checked({ SMOKE: 'pipelines/*.yaml' });
    expect(exitCode).toBe(0);
    expect(summary).toContain('## pipelines/tiny.yaml');
    expect(summary).toContain('**Smoke run**: one seed and three batches for each arm.');
    expect(outputs).toContain(`junit=${folder}/sweepline/junit`);
    expect(readFileSync(join(folder, 'sweepline/junit/tiny.xml'), 'utf8')).toContain('tests="2" failures="0"');
  });

  test('annotates what is wrong and fails', async () => {
    writeFileSync(join(folder, 'pipelines', 'tiny.yaml'), PIPELINE.replace('hidden: 4', 'hiden: 4'));
    const { exitCode, stdout, summary } = await checked({});
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^::error file=pipelines\/tiny\.yaml,line=8,/m);
    expect(summary).toContain('It cannot be planned:');
  });

  test('says what changed since a commit', async () => {
    const git = (...words: readonly string[]) =>
      execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: folder });
    await git('init', '-q');
    await git('add', 'pipelines');
    await git('commit', '-qm', 'a');
    writeFileSync(join(folder, 'pipelines', 'tiny.yaml'), PIPELINE.replace('epochs: 50', 'epochs: 60'));
    const { exitCode, summary } = await checked({ SWEEPLINE_BASE: 'HEAD' });
    expect(exitCode).toBe(0);
    expect(summary).toMatch(/train\.epochs/);
  });

  test('fails when no pipeline is meant', async () => {
    expect((await checked({ PIPELINES: 'none/*.yaml' })).exitCode).toBe(2);
  });
});

test('a run whose claim fails ends with 3 and the figures, and `report --check` after it', async () => {
  const options = { cwd: folder, reject: false, env: { SWEEPLINE_CACHE: join(folder, 'cache') } };
  const run = await execa(
    'node',
    [join(process.cwd(), 'bin/sweep.js'), 'pipelines/tiny.yaml', '--set', 'train.epochs=1'],
    options,
  );
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/claim fails: test\.accuracy >= 0\.99\n {2}rnn: 0\.\d{4} ± 0\.\d{4} \(n = 3\)/);
  expect(run.stdout).toContain('Claims that fail: 1 of 1.');
  expect((await execa('node', [join(process.cwd(), 'bin/report.js'), '--check'], options)).exitCode).toBe(3);
});

test('the action names only inputs that its steps use, and files that exist', () => {
  const action = readFileSync('action.yml', 'utf8');
  const { inputs, runs } = parse(action) as { inputs: object; runs: { steps: readonly object[] } };
  expect(runs.steps.length).toBeGreaterThan(3);
  for (const name of Object.keys(inputs)) expect(action).toContain(`inputs.${name}`);
  expect(parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')).map(({ id }: { id: string }) => id)).toEqual([
    'sweep-validate',
    'sweep-report-check',
  ]);
});
