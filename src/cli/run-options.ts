import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';

/** `--jobs N`. */
export function jobsOption(): Option {
  return new Option('--jobs <n>', 'trials at once (default: the number of cores)').argParser(parseJobs);
}

/** `--runs DIR`. */
export function runsOption(): Option {
  return new Option('--runs <dir>', 'the folder that run folders are in').default('runs');
}

/** The number of cores that this process may use. */
export function defaultJobs(): number {
  return availableParallelism();
}

function parseJobs(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1.');
}
