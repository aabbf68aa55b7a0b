import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseExecutor } from '../../src/cli/executor-choice.js';
import { userExecutor } from '../../src/cli/user-settings.js';
import { readExecutorSettings } from '../../src/pipeline/executor-settings.js';
import { RefusedPlanError } from '../../src/plan/create-plan.js';

describe('where trials run', () => {
  test('is here unless somebody says otherwise', () => {
    expect(chooseExecutor({}, undefined, undefined)).toMatchObject({ name: 'local' });
    expect(chooseExecutor({}, undefined, 'slurm').name).toBe('slurm');
    expect(chooseExecutor({}, { local: { jobs: 3 } }, 'slurm')).toMatchObject({ name: 'local', jobs: 3 });
    expect(chooseExecutor({ executor: 'slurm' }, { local: { jobs: 3 } }, undefined).name).toBe('slurm');
  });

  test("takes Slurm's settings key by key, the pipeline's before the user's, and --jobs before both", () => {
    const user = { slurm: { account: 'lab', partition: 'cpu', max_parallel: 5 } };
    const pipeline = { slurm: { partition: 'gpu', time: 90, memory: 4096 } };
    expect(chooseExecutor({ jobs: 7 }, pipeline, user)).toMatchObject({
      name: 'slurm',
      settings: { account: 'lab', partition: 'gpu', max_parallel: 7, time: '90', memory: '4096' },
    });
  });

  test('cannot be left when it is here, and the cluster deals its own GPUs', () => {
    expect(() => chooseExecutor({ detach: true }, undefined, undefined)).toThrow(
      'expected --executor slurm with --detach, found local',
    );
    expect(() => chooseExecutor({ executor: 'slurm', gpus: 'auto' }, undefined, undefined)).toThrow(
      'expected --executor local with --gpus, found slurm',
    );
  });
});

describe("the user's own file", () => {
  let file: string;
  const before = process.env.SWEEPLINE_CONFIG;
  beforeEach(() => {
    file = path.join(mkdtempSync(path.join(tmpdir(), 'sweepline-config-')), 'config.yaml');
    process.env.SWEEPLINE_CONFIG = file;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.SWEEPLINE_CONFIG;
    else process.env.SWEEPLINE_CONFIG = before;
  });

  test('has the executor in the words of a pipeline', () => {
    writeFileSync(file, 'executor: { slurm: { account: lab, setup: [module load nodejs] } }\n');
    expect(userExecutor()).toEqual({ slurm: { account: 'lab', setup: ['module load nodejs'] } });
  });

  test('may be empty', () => {
    writeFileSync(file, '# nothing yet\n');
    expect(userExecutor()).toBeUndefined();
  });

  test('is missed where it was named', () => {
    expect(() => userExecutor()).toThrow(`cannot read your settings in ${file}: ENOENT`);
  });

  test('is refused with its place where the schema refuses it', () => {
    writeFileSync(file, 'executor:\n  slurm:\n    partitoin: gpu\n');
    const refused = (): unknown => userExecutor();
    expect(refused).toThrow(RefusedPlanError);
    expect(refused).toThrow(
      expect.objectContaining({
        message: 'unknown key `partitoin` in `executor.slurm`',
        hint: 'Did you mean `partition`?',
        location: expect.objectContaining({ file, line: 3, column: 5 }),
      }),
    );
  });

  test('holds nothing but the executor', () => {
    writeFileSync(file, 'train: { epochs: 1 }\n');
    expect(() => userExecutor()).toThrow('unknown key `train`');
  });
});

describe('the settings of a run', () => {
  const settings = 'executor: { slurm: { memory: 4G } }\n';

  test('change by --set, checked like a pipeline', () => {
    const changed = readExecutorSettings('settings.json', settings, ['executor.slurm.memory=8G']);
    expect(changed).toMatchObject({ executor: { slurm: { memory: '8G' } }, diagnostics: [] });
    const [wrong] = readExecutorSettings('settings.json', settings, ['executor.slurm.memory=lots']).diagnostics;
    expect(wrong?.message).toContain('`executor.slurm.memory`: expected');
  });

  test('an option of sbatch that is none of ours is refused with ours', () => {
    const [wrong] = readExecutorSettings('s', settings, ['executor.slurm.exclusive=true']).diagnostics;
    expect(wrong).toMatchObject({ code: 'UNKNOWN_KEY', message: 'unknown key `executor.slurm.exclusive`' });
    expect(wrong?.hint).toContain('partition, gpus, cpus, memory, time');
  });

  test('of a run only its executor can be changed: its plan is frozen', () => {
    const [wrong] = readExecutorSettings('s', settings, ['name=other']).diagnostics;
    expect(wrong).toMatchObject({
      message: 'expected a setting of `executor`, found `name`',
      hint: 'a run keeps its plan; start another run to change more',
    });
  });
});
