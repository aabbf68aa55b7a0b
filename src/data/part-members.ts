import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import type { PartName } from './raw-part.js';

/** A held-out split comes from a part of its own or from the training part, not from both. */
export function checkOwnParts(config: DataConfig): void {
  for (const part of ['validation', 'test'] as const) {
    if (config[part] !== null && config.split !== null && config.split[part] !== null) {
      throw new DataError(`\`data.${part}\` and \`data.split.${part}\` both say what the ${part} split is.`, {
        code: 'DATA_SPLIT',
        hint: 'Keep one of the two.',
      });
    }
  }
}

/** The member that holds a part; null when the source itself does. */
export function memberOf(part: PartName, config: DataConfig): string | null {
  const members = config[part];
  if (members === null || typeof members === 'string') return members;
  throw new DataError(`\`data.${part}\` gives a path per label; for \`format: ${config.format}\` it is one path.`, {
    code: 'DATA_FORMAT',
  });
}
