import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { PipelineError } from '../errors.js';
import { readExecutorSettings } from '../pipeline/executor-settings.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import { RefusedPlanError } from '../plan/create-plan.js';

/** The user's own file: `SWEEPLINE_CONFIG`, else config.yaml in the user's folder for settings. */
function userSettingsFile(): string {
  const asked = process.env.SWEEPLINE_CONFIG;
  if (asked !== undefined && asked !== '') return asked;
  return join(envPaths('sweepline', { suffix: '' }).config, 'config.yaml');
}

/** The executor of the user's own file; undefined where there is none. Throws what the schema refuses in it. */
export function userExecutor(): Pipeline['executor'] {
  const file = userSettingsFile();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && process.env.SWEEPLINE_CONFIG === undefined)
      return undefined;
    throw new PipelineError(`cannot read your settings in ${file}: ${(error as Error).message}`, {
      code: 'SETTINGS_UNREADABLE',
      hint: 'SWEEPLINE_CONFIG names the file; without it there need be none',
      cause: error,
    });
  }
  const { executor, diagnostics } = readExecutorSettings(file, text);
  if (diagnostics.length > 0) throw new RefusedPlanError(file, diagnostics);
  return executor;
}
