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

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: { readonly [name: string]: string };
}

/** Answers the two questions of comment-plan.sh, and writes down what it was asked. */
const FAKE_GH = `#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$GH_LOG"
for word in "$@"; do case $word in body=@*) cp "\${word#body=@}" "$GH_LOG.body";; esac; done
case $* in *--paginate*) cat "$GH_LOG.known" 2> /dev/null || true;; esac
`;

describe('the steps of action.yml, in the order and the environment of a GitHub runner', () => {
  const git = (cwd: string, ...words: readonly string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd });

  /** Runs the shell steps but the installation as a runner does: `${'${{ … }}'}` filled in, variables and outputs handed on. */
  async function runAction(inputs: { readonly [name: string]: string }) {
    const action = parse(readFileSync('action.yml', 'utf8'));
    const given: { [name: string]: string } = {};
    for (const [name, { default: standard }] of Object.entries<{ default: string }>(action.inputs)) {
      given[`inputs.${name}`] = inputs[name] ?? String(standard);
    }
    const known: { [expression: string]: string } = { ...given, 'github.event.pull_request.number': '7' };
    const files = { GITHUB_ENV: 'env', GITHUB_OUTPUT: 'output', GITHUB_STEP_SUMMARY: 'summary' };
    const environment: { [name: string]: string } = {
      GITHUB_ACTION_PATH: process.cwd(),
      GITHUB_BASE_REF: 'main',
      GITHUB_REPOSITORY: 'ada/cells',
      RUNNER_TEMP: folder,
      SWEEPLINE_CACHE: join(folder, 'cache'),
      GH_LOG: join(folder, 'gh.log'),
      PATH: `${join(folder, 'fake')}:${process.env.PATH}`,
    };
    const steps = (action.runs.steps as readonly Step[]).filter(
      ({ run }) => run !== undefined && !run.startsWith('npm'),
    );
    for (const step of steps) {
      expect(step.shell).toBe('bash');
      if (step.if?.includes("inputs.comment == 'true'") && known['inputs.comment'] !== 'true') continue;
      for (const file of Object.values(files)) writeFileSync(join(folder, file), '', { flag: 'a' });
      const own = Object.entries(step.env ?? {}).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
          if (!(expression in known)) throw new Error(`the test does not know ${expression}`);
          return known[expression]!;
        }),
      ]);
      const env = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)]));
      const { exitCode, stderr } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run!], {
        cwd: join(folder, 'clone'),
        reject: false,
        env: { ...environment, ...env, ...Object.fromEntries(own) },
      });
      expect(exitCode, stderr).toBe(0);
      for (const line of readFileSync(join(folder, 'env'), 'utf8').split('\n')) {
        const [name, value] = line.split('=');
        if (value !== undefined) environment[name!] = value;
      }
      for (const line of readFileSync(join(folder, 'output'), 'utf8').split('\n')) {
        const [name, value] = line.split('=');
        if (value !== undefined) known[`steps.${step.id}.outputs.${name}`] = value;
      }
    }
    return {
      asked: readFileSync(join(folder, 'gh.log'), 'utf8'),
      body: readFileSync(join(folder, 'gh.log.body'), 'utf8'),
    };
  }

  beforeEach(async () => {
    await git(folder, 'init', '-q', '-b', 'main');
    await git(folder, 'add', 'pipelines', 'rows.csv');
    await git(folder, 'commit', '-qm', 'a');
    await git(folder, 'clone', '-q', '.', 'clone');
    writeFileSync(join(folder, 'clone/pipelines/tiny.yaml'), PIPELINE.replace('epochs: 50', 'epochs: 60'));
    mkdirSync(join(folder, 'fake'));
    writeFileSync(join(folder, 'fake', 'gh'), FAKE_GH, { mode: 0o755 });
  });

  test('comment what changed since the base branch, once', async () => {
    const first = await runAction({ comment: 'true', smoke: 'pipelines/*.yaml' });
    expect(first.asked).toContain('api --silent --method POST repos/ada/cells/issues/7/comments');
    expect(first.body).toMatch(/^<!-- sweepline plan \d+ -->\n## pipelines\/tiny\.yaml\n/);
    expect(first.body).toMatch(/train\.epochs 50 → 60/);
    writeFileSync(join(folder, 'gh.log.known'), '4711\n4712\n');
    const second = await runAction({ comment: 'true' });
    expect(second.asked).toContain('api --silent --method PATCH repos/ada/cells/issues/comments/4711');
    expect(second.body.split('\n')[0]).toBe(first.body.split('\n')[0]);
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
