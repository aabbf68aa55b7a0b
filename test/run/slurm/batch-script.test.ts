import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { batchScript, submitArguments } from '../../../src/run/executors/slurm/batch-script.js';
import { slurmSettings } from '../../../src/run/executors/slurm/settings.js';

test('the script of an array is this, and holds all that a compute node must know', () => {
  const script = batchScript({
    title: 'Written by sweepline: tasks of job array 1 of the run 20261125-225113-mood-c034.',
    workingDirectory: "/home/ada/o'hara",
    node: '/opt/node 20/bin/node',
    command: ['/opt/sweepline/dist/run/executors/slurm/task.js', 'run', '/home/ada/runs/mood', '1'],
    environment: { SWEEPLINE_CACHE: '/scratch/$USER/cache' },
    setup: ['module load nodejs/20', 'ulimit -c 0'],
  });
  expect(script).toBe(`#!/bin/bash -l
# Written by sweepline: tasks of job array 1 of the run 20261125-225113-mood-c034.
# Until the program below hears it, the signal before the time limit must not end the job.
trap '' USR1
set -e
cd -- '/home/ada/o'\\''hara'
export SWEEPLINE_CACHE='/scratch/$USER/cache'
# executor.slurm.setup
module load nodejs/20
ulimit -c 0
set +e
node='/opt/node 20/bin/node'
if ! [ -x "$node" ]; then
  node=$(command -v node) || { echo "expected Node at /opt/node 20/bin/node or in PATH on $(hostname), found none: load it in executor.slurm.setup" >&2; exit 127; }
fi
exec "$node" '/opt/sweepline/dist/run/executors/slurm/task.js' 'run' '/home/ada/runs/mood' '1'
`);
});

test('sbatch is told everything in arguments of their own', () => {
  const settings = slurmSettings({
    partition: 'gpu',
    gpus: 1,
    cpus: 4,
    memory: '8G',
    time: '02:00:00',
    account: "o'hara lab",
    qos: 'long',
    constraint: 'a100|h100',
    max_parallel: 20,
  });
  const where = { name: 'sweepline-mood-1', script: '/runs/a b/slurm/array-1.sh', logs: '/runs/a b/slurm/logs' };
  expect(submitArguments({ settings, ...where, tasks: 1000, after: '41' })).toEqual([
    '--parsable',
    '--nodes=1',
    '--ntasks=1',
    '--job-name=sweepline-mood-1',
    '--partition=gpu',
    "--account=o'hara lab",
    '--qos=long',
    '--constraint=a100|h100',
    '--time=02:00:00',
    '--mem=8G',
    '--cpus-per-task=4',
    '--gres=gpu:1',
    '--array=0-999%20',
    '--dependency=afterany:41',
    '--signal=B:USR1@120',
    '--chdir=/runs/a b/slurm/logs',
    '--output=%A_%a.log',
    '--open-mode=append',
    '--export=NONE',
    '--requeue',
    '/runs/a b/slurm/array-1.sh',
  ]);
  expect(submitArguments({ settings: slurmSettings({ time: '1' }), ...where, minutes: 2 })).toEqual([
    '--parsable',
    '--nodes=1',
    '--ntasks=1',
    '--job-name=sweepline-mood-1',
    '--time=2',
    '--cpus-per-task=1',
    '--chdir=/runs/a b/slurm/logs',
    '--output=%j.log',
    '--open-mode=append',
    '--export=NONE',
    '--no-requeue',
    '/runs/a b/slurm/array-1.sh',
  ]);
});

const ODD = `a b'c"d$(touch x)\`touch y\`\\e;f&g\nh*%A`;

test.each([
  ['where it stands', process.execPath],
  ['in PATH, where it is not there', `/nowhere/${ODD}/node`],
])('a shell reads every name as it is; Node is taken %s', async (_, node) => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'sweepline-script-')));
  const odd = path.join(folder, ODD);
  await mkdir(odd);
  // Node itself loads no module from a path with a backslash.
  const program = path.join(folder, "o'dd $x.mjs");
  await writeFile(
    program,
    'process.stdout.write(JSON.stringify([process.cwd(), process.argv.slice(2), process.env.SWEEPLINE_ODD]));',
  );
  await symlink(process.execPath, path.join(folder, 'node'));
  const script = path.join(folder, 'job.sh');
  const command = [program, ODD, '-x'];
  await writeFile(
    script,
    batchScript({ title: ODD, workingDirectory: odd, node, command, environment: { SWEEPLINE_ODD: ODD }, setup: [] }),
  );
  const { stdout } = await promisify(execFile)('bash', [script], { env: { PATH: `${folder}:${process.env.PATH}` } });
  expect(JSON.parse(stdout)).toEqual([odd, [ODD, '-x'], ODD]);
});

test('a line of the set-up that fails ends the task before the worker starts', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sweepline-script-'));
  const script = path.join(folder, 'job.sh');
  const command = ['-e', 'console.log("started")'];
  const setup = ['module load nothing'];
  const job = { title: '', workingDirectory: folder, node: process.execPath, command, environment: {}, setup };
  await writeFile(script, batchScript(job));
  const failed = await promisify(execFile)('bash', [script]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 127, stdout: '', stderr: expect.stringContaining('module: command not found') });
});
