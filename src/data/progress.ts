/** What loading data is doing, for a progress line. */
export interface DataProgress {
  /** `wait`: another process is preparing the same data. */
  readonly stage: 'download' | 'read' | 'encode' | 'wait';
  /** The file, address or package. */
  readonly name: string;
  /** Bytes done; 0 where a stage has no count. */
  readonly done: number;
  /** Bytes in all, or null when that is not known. */
  readonly total: number | null;
}

/** Where data work is done and who hears of it; every step of loading takes one. */
export interface DataContext {
  /** Relative paths of sources start here. */
  readonly working_directory: string;
  readonly cache_directory: string;
  /** The dotted path of the source's key, for messages: `data.source`. */
  readonly setting: string;
  readonly onProgress: (progress: DataProgress) => void;
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** What a caller may give; the rest is filled in by `dataContext`. */
export interface DataContextOptions {
  readonly working_directory: string;
  /** Default: `SWEEPLINE_CACHE`, else the user's cache folder. */
  readonly cache_directory?: string | undefined;
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
