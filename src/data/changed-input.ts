import { DataError } from '../errors.js';

/** A source as it was found, and as it was when its trials were planned. */
export interface FoundInput {
  /** The dotted path of the source's key: `data.source`. */
  readonly setting: string;
  /** Where it was found. */
  readonly path: string;
  /** The sha256 that has part in the trials' hash; null or absent where none has. */
  readonly planned: string | null | undefined;
  /** The sha256 that it has now. */
  readonly found: string;
}

/**
 * Refuses bytes that are not those which a trial was planned on: its hash would say that its result is of the old ones.
 * @throws DataError
 */
export function refuseChangedInput({ setting, path, planned, found }: FoundInput): void {
  if (planned == null || planned === found) return;
  throw new DataError(
    `\`${setting}.file\`: ${path} is not what the run was planned on: expected sha256 ${planned}, found ${found}.`,
    {
      code: 'DATA_CHANGED',
      hint: 'Put the old file back and go on with `sweep resume`, or start a new run, which reads the new one.',
    },
  );
}

/** What is refused of a source that was written to as it was read: no digest is that of the bytes that were read. */
export function changedAsRead({ setting, path }: Pick<FoundInput, 'setting' | 'path'>): DataError {
  return new DataError(`\`${setting}.file\`: ${path} changed while it was read.`, {
    code: 'DATA_CHANGED',
    hint: 'Start again once nothing writes to it any more.',
  });
}
