import { TrainError } from '../errors.js';

/** `value` as one of `choices`; throws TrainError when a case asks for something else. */
export function oneOf<T extends string>(value: string, choices: readonly T[], what: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw unsupported(`${what}: expected one of ${choices.join(', ')}, found ${value}`);
  return found;
}

/** The error of a case that asks for what we do not have. */
export function unsupported(message: string): TrainError {
  return new TrainError(message, { code: 'PARITY_UNSUPPORTED' });
}
