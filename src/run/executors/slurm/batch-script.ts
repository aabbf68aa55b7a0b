import { type SlurmSettings, timeSeconds } from './settings.js';
import { shellQuote } from './shell-quote.js';

/** What a job needs to know; everything that is not in here the compute node brings along. */
export interface BatchJob {
  /** For people: what the job is for. */
  readonly title: string;
  /** The folder that the trials' relative paths are relative to. */
  readonly workingDirectory: string;
  /** The submitting process's own Node. */
  readonly node: string;
  /** The script that Node runs, and its arguments. */
  readonly command: readonly string[];
  /** Environment variables that the job is to have. */
  readonly environment: { readonly [name: string]: string };
  readonly setup: readonly string[];
}

/** The script of a job. It depends on nothing of the shell that submits it. */
export function batchScript({ title, workingDirectory, node, command, environment, setup }: BatchJob): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
  return [
    '#!/bin/bash -l',
    ...title.split('\n').map((line) => `# ${line}`),
    '# Until the program below hears it, the signal before the time limit must not end the job.',
    "trap '' USR1",
    'set -e',
    `cd -- ${shellQuote(workingDirectory)}`,
    ...exports,
    ...(setup.length === 0 ? [] : ['# executor.slurm.setup', ...setup]),
    'set +e',
    `node=${shellQuote(node)}`,
    'if ! [ -x "$node" ]; then',
    '  node=$(command -v node) || { echo "expected Node at ' +
      `${forDoubleQuotes(node)} or in PATH on $(hostname), found none: load it in executor.slurm.setup" >&2; exit 127; }`,
    'fi',
    `exec "$node" ${command.map(shellQuote).join(' ')}`,
    '',
  ].join('\n');
}

/** Where the jobs of a run stand and what they are called. */
export interface SubmitOptions {
  readonly settings: SlurmSettings;
  readonly name: string;
  readonly script: string;
  /** The folder of the job's logs: `<job>_<task>.log`. */
  readonly logs: string;
  /** So many tasks, from 0; absent for a job of its own. */
  readonly tasks?: number;
  /** The longest that it may run, in minutes, instead of the settings' time. */
  readonly minutes?: number;
  /** The job begins when that one has ended, however it did. */
  readonly after?: string | null;
}

/** sbatch's arguments. What the user named stands in arguments of its own: nothing is quoted, nothing is read by a shell. */
export function submitArguments(options: SubmitOptions): readonly string[] {
  const { settings, name, script, logs, tasks, minutes, after = null } = options;
  const { partition, account, qos, constraint, memory, cpus, gpus, max_parallel } = settings;
  const time = minutes === undefined ? settings.time : String(minutes);
  const limit = max_parallel === undefined ? '' : `%${max_parallel}`;
  const given: readonly (readonly [string, string | number | undefined])[] = [
    ['job-name', name],
    ['partition', partition],
    ['account', account],
    ['qos', qos],
    ['constraint', constraint],
    ['time', time],
    ['mem', memory],
    ['cpus-per-task', cpus],
    ['gres', gpus === 0 ? undefined : `gpu:${gpus}`],
    ['array', tasks === undefined ? undefined : `0-${tasks - 1}${limit}`],
    ['dependency', after === null ? undefined : `afterany:${after}`],
    ['signal', tasks === undefined ? undefined : `B:USR1@${warningSeconds(time)}`],
    // Patterns in a path would be replaced, so the folder is given apart.
    ['chdir', logs],
    ['output', tasks === undefined ? '%j.log' : '%A_%a.log'],
    ['open-mode', 'append'],
    ['export', 'NONE'],
  ];
  const values = given.flatMap(([key, value]) => (value === undefined ? [] : [`--${key}=${value}`]));
  return [
    '--parsable',
    '--nodes=1',
    '--ntasks=1',
    ...values,
    tasks === undefined ? '--no-requeue' : '--requeue',
    script,
  ];
}

/** How long before its time limit a task is told: enough for a checkpoint, and a part of a short time only. */
function warningSeconds(time: string | undefined): number {
  if (time === undefined) return 120;
  return Math.max(15, Math.min(120, Math.round(timeSeconds(time) / 4)));
}

function forDoubleQuotes(text: string): string {
  return text.replaceAll(/[\\"$`]/g, '\\$&').replaceAll('\n', ' ');
}
