import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LocalOptions } from '../run/executors/local.js';
import type { GpuChoice } from '../run/gpus.js';
import type { SchedulePolicy } from '../run/schedule-policy.js';

/** What `run`, `resume` and `retry` let the user say about how trials are run. */
export interface ScheduleOptions {
  readonly jobs?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly retries?: number;
  readonly failFast?: boolean;
  readonly maxFailures?: number;
  /** Seconds. */
  readonly checkpointEvery?: number;
  /** `--no-pin` makes it false. */
  readonly pin?: boolean;
  readonly gpus?: GpuChoice;
  readonly trialsPerGpu?: number;
}

/** Adds the options of a schedule to a command. */
export function addScheduleOptions(command: Command): Command {
  return command
    .addOption(jobsOption())
    .addOption(
      new Option(
        '--timeout <duration>',
        'the longest a trial may take: 90s, 30m, 2h, 7d (train.timeout in a pipeline has no d)',
      ).argParser(timeLimit),
    )
    .addOption(
      new Option('--retries <n>', 'further attempts at a trial that was killed or lost, not one that failed').argParser(
        countFromZero,
      ),
    )
    .option('--fail-fast', 'stop at the first trial that does not complete')
    .addOption(new Option('--max-failures <n>', 'stop after so many trials that do not complete').argParser(count))
    .addOption(
      new Option(
        '--checkpoint-every <duration>',
        'time between checkpoints, within epochs too (default: every epoch)',
      ).argParser(duration),
    )
    .option('--no-pin', 'do not tie trials to cores of their own')
    .addOption(
      new Option('--gpus <list>', 'the GPUs to deal to trials, one to each: 0,1 or auto, all that are there').argParser(
        gpus,
      ),
    )
    .addOption(new Option('--trials-per-gpu <n>', 'trials at once on one GPU (default: 1)').argParser(count));
}

/** `--jobs N`. */
export function jobsOption(): Option {
  return new Option('--jobs <n>', 'trials at once (default: the number of cores)').argParser(count);
}

/** Trials at once: as asked, or as many as this process may use cores. */
export function jobsOf({ jobs = availableParallelism() }: ScheduleOptions): number {
  return jobs;
}

/** How the trials are scheduled, but for where they run. */
export function policyOf(options: ScheduleOptions): Partial<SchedulePolicy> {
  const { retries, failFast, maxFailures, checkpointEvery } = options;
  return {
    ...(retries === undefined ? {} : { retries }),
    maxFailures: failFast === true ? 1 : (maxFailures ?? null),
    checkpointSeconds: checkpointEvery ?? null,
  };
}

/** What the executor of child processes is told. */
export function localOptionsOf(options: ScheduleOptions): LocalOptions {
  return { jobs: jobsOf(options), pin: options.pin !== false };
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds: `90s`, `1.5h`, `30d`. Throws commander's error for anything else. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Expected a number and its unit: 90s, 30m, 2h or 7d.');
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}

/** Seconds that can be written with digits alone, as `train.timeout` has them. */
function timeLimit(text: string): number {
  const seconds = duration(text);
  if (seconds >= 0.001 && seconds < 1e21) return seconds;
  throw new InvalidArgumentError(
    seconds < 1 ? 'Expected a time from 0.001s.' : 'Expected a time that a trial could take.',
  );
}

function gpus(text: string): GpuChoice {
  if (text === 'auto') return 'auto';
  const numbers = /^\d{1,3}(,\d{1,3})*$/.test(text) ? text.split(',').map(Number) : [];
  if (numbers.length > 0 && new Set(numbers).size === numbers.length) return numbers;
  throw new InvalidArgumentError('Expected the numbers of GPUs, each once, or auto: 0,1.');
}

function count(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1.');
}

function countFromZero(text: string): number {
  return text === '0' ? 0 : count(text);
}
