import type { TrialConfig } from './trial-config.js';

/** Something wrong with one arm, told by the setting path that it is about. */
export interface ArmProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

/** What a check of an arm looks at: some sections of its configuration. */
export interface ArmContext<Section extends keyof TrialConfig = keyof TrialConfig> {
  readonly config: Pick<TrialConfig, Section>;
  /** Whether the key is written in the pipeline or set by the sweep, not filled in. */
  readonly written: (path: string) => boolean;
}

/** A check, which says the same of arms whose sections that it reads are the same. */
export interface ArmCheck {
  readonly reads: readonly (keyof TrialConfig)[];
  readonly find: (context: ArmContext) => readonly ArmProblem[];
}

/** A check of some sections; the types see to it that it reads no other. */
export function armCheck<Section extends keyof TrialConfig>(
  reads: readonly Section[],
  find: (context: ArmContext<NoInfer<Section>>) => readonly ArmProblem[],
): ArmCheck {
  return { reads, find };
}

/** An error about a setting. */
export function armError(code: string, path: string, message: string, hint: string | null = null): ArmProblem {
  return { severity: 'error', code, path, message: `\`${path}\`: ${message}`, hint };
}
