import type { SpanLocation } from './source-text.js';

/** One thing that is wrong with a pipeline (or, as a warning, without effect), and where. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** A stable, upper-case name that tools can match: `UNKNOWN_KEY`. */
  readonly code: string;
  /** The key that it is about: `model.cell`; empty for the whole file. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly message: string;
  /** The next step, or the nearest known name. */
  readonly hint: string | null;
  readonly location: SpanLocation;
}

/** Orders diagnostics as a reader meets them and leaves out repetitions. */
export function inReadingOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const key = JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.location]);
      return !seen.has(key) && seen.add(key);
    })
    .sort(({ location: a }, { location: b }) => {
      if (a.file !== b.file) return a.file < b.file ? -1 : 1;
      return a.line - b.line || a.column - b.column;
    });
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
