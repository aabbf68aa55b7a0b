/** One part of a source (its training, validation or test part) as raw tokens, in data order. */
export interface RawPart {
  readonly count: number;
  /** [N]: where each text's tokens begin in the token store. */
  readonly starts: Int32Array;
  /** [N]: where they end. */
  readonly ends: Int32Array;
  /** [N]: index into `label_names`. */
  readonly labels: Int32Array;
  /** The labels as they stand in the data. */
  readonly label_names: readonly string[];
  /** Where each label was first seen, for messages. */
  readonly label_places: readonly string[];
}

/** The parts that a source gives before the split. */
export interface RawParts {
  readonly train: RawPart;
  readonly validation: RawPart | null;
  readonly test: RawPart | null;
}

export const PART_NAMES = ['train', 'validation', 'test'] as const;

export type PartName = (typeof PART_NAMES)[number];
