import { Option } from 'commander';

/** `--runs DIR`. */
export function runsOption(): Option {
  return new Option('--runs <dir>', 'the folder that run folders are in').default('runs');
}
