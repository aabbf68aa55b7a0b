import { TrainError } from '../errors.js';

/** `value` as one of `choices`; throws TrainError when a case asks for something else. */
export function oneOf<T extends string>(value: string, choices: readonly T[], what: string): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new TrainError(`${what}: expected one of ${choices.join(', ')}, found ${value}`, {
    code: 'PARITY_UNSUPPORTED',
  });
}
