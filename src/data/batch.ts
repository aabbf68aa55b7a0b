/** B texts of T tokens with their labels. */
export interface ClassificationBatch {
  readonly size: number;
  readonly time: number;
  /** [B, T], row-major. */
  readonly ids: Int32Array;
  /** [B]: tokens that are not padding. */
  readonly lengths: Int32Array;
  /** [B]. */
  readonly labels: Int32Array;
}

/** B windows of T tokens with the token that follows each. */
export interface LanguageModelBatch {
  readonly size: number;
  readonly time: number;
  /** [B, T], row-major. */
  readonly ids: Int32Array;
  /** [B, T]: the next token of each. */
  readonly targets: Int32Array;
  /** True when this window does not continue the one before it: the state starts anew. */
  readonly resets_state: boolean;
}
