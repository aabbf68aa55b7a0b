/** Token indices and their meaning: index → token. */
export interface Vocabulary {
  /** Every token in index order, special tokens (`<pad>`, `<unk>`) included. */
  readonly tokens: readonly string[];
  /** The index of padding, or null when none is reserved. */
  readonly padding: number | null;
  /** The index of unknown tokens, or null when they are dropped. */
  readonly unknown: number | null;
}

/** N texts as token indices. */
export interface ClassificationSplit {
  readonly count: number;
  /** [N, T], row-major, padded. */
  readonly ids: Int32Array;
  /** [N]: tokens of each row that are not padding, from 1 to T: a text without tokens counts one padding token. */
  readonly lengths: Int32Array;
  /** [N]: index into `classes`. */
  readonly labels: Int32Array;
}

export interface ClassificationDataset {
  readonly task: 'classification';
  /** sha256 over the source's bytes and every setting that shapes the splits. */
  readonly digest: string;
  /** sha256 of the source's bytes. */
  readonly source_digest: string;
  readonly classes: readonly string[];
  readonly vocabulary: Vocabulary;
  /** T: the length of every row. */
  readonly length: number;
  readonly train: ClassificationSplit;
  readonly validation: ClassificationSplit | null;
  readonly test: ClassificationSplit | null;
}

/** A running text as token indices. */
export interface TextSplit {
  /** [N]. */
  readonly ids: Int32Array;
}

export interface LanguageModelDataset {
  readonly task: 'language-model';
  readonly digest: string;
  readonly source_digest: string;
  readonly vocabulary: Vocabulary;
  readonly train: TextSplit;
  readonly validation: TextSplit | null;
  readonly test: TextSplit | null;
}

export type Dataset = ClassificationDataset | LanguageModelDataset;
