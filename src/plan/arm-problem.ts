import type { TrialConfig } from './trial-config.js';

/** Something wrong with one arm, told by the setting path that it is about. */
export interface ArmProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

/** What the checks of an arm look at. */
export interface ArmContext {
  readonly config: TrialConfig;
  /** Whether the key is written in the pipeline or set by the sweep, not filled in. */
  readonly written: (path: string) => boolean;
}

/** An error about a setting. */
export function armError(code: string, path: string, message: string, hint: string | null = null): ArmProblem {
  return { severity: 'error', code, path, message: `\`${path}\`: ${message}`, hint };
}
