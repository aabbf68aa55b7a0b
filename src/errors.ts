/** Where in a file something stands; lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface SweeplineErrorOptions {
  /** A stable, upper-case name that tools can match: `DATA_CHECKSUM`. */
  readonly code: string;
  /** The next step for the user, or the nearest known name. */
  readonly hint?: string | undefined;
  readonly location?: SourceLocation | undefined;
  readonly cause?: unknown;
}

/**
 * The root of every error that is the user's to mend. The message says what was expected, what was
 * found and where. Anything else that is thrown is a bug and is reported as `Internal error:`.
 */
export class SweeplineError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly location: SourceLocation | undefined;

  constructor(message: string, options: SweeplineErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.hint = options.hint;
    this.location = options.location;
  }
}

/** A pipeline that cannot be read or is not valid. Exit code 2. */
export class PipelineError extends SweeplineError {}

/** A valid pipeline that cannot be planned. Exit code 2. */
export class PlanError extends SweeplineError {}

/** Data that cannot be fetched, read or divided as asked. */
export class DataError extends SweeplineError {}

/** An engine that does not work here. */
export class EngineError extends SweeplineError {}

/** A model or training that cannot be built as asked, or that went wrong. */
export class TrainError extends SweeplineError {}

/** A run folder that cannot be written, read or locked. */
export class RunError extends SweeplineError {}

/** A report that cannot be made. */
export class ReportError extends SweeplineError {}
