import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import { suggestName } from './nearest-name.js';

/** Where the text and the label of a row stand, from 0. */
export interface Columns {
  readonly text: number;
  readonly label: number;
}

/** The columns that a pipeline names, by the header's names or by number. */
export function findColumns(header: readonly string[] | null, name: string, config: DataConfig): Columns {
  const find = (key: 'text' | 'label'): number => {
    const wanted = config.columns[key];
    if (typeof wanted === 'number') {
      if (header === null || wanted < header.length) return wanted;
      throw new DataError(`\`data.columns.${key}\` is ${wanted}; ${name} has ${header.length} columns, from 0.`, {
        code: 'DATA_COLUMN',
      });
    }
    if (header === null) {
      throw new DataError(`\`data.columns.${key}\` is "${wanted}", but without a header columns have only numbers.`, {
        code: 'DATA_COLUMN',
        hint: 'Give the number of the column, from 0, or set `data.header: true`.',
      });
    }
    const names = header.map((column) => column.trim());
    const index = names.indexOf(wanted);
    if (index !== names.lastIndexOf(wanted)) {
      const columns = names.flatMap((column, i) => (column === wanted ? [i] : []));
      throw new DataError(`\`data.columns.${key}\`: ${name} has ${columns.length} columns "${wanted}".`, {
        code: 'DATA_COLUMN',
        hint: `Give the number of the one that is meant, from 0: ${columns.join(' or ')}.`,
      });
    }
    if (index >= 0) return index;
    throw new DataError(`\`data.columns.${key}\`: ${name} has no column "${wanted}".`, {
      code: 'DATA_COLUMN',
      hint: otherDelimiter(header, config) ?? suggestName(wanted, names),
    });
  };
  return { text: find('text'), label: find('label') };
}

/** What to do about a row that is one field because other characters separate its fields. */
export function otherDelimiter(fields: readonly string[], { delimiter }: DataConfig): string | undefined {
  const [only = '', ...others] = fields;
  if (others.length > 0) return undefined;
  const taken = { comma: ',', tab: '\t' } as const;
  for (const name of ['comma', 'tab'] as const) {
    if (name !== delimiter && only.includes(taken[name])) {
      return `Its columns seem to be separated by ${name}s: set \`data.delimiter: ${name}\`.`;
    }
  }
  return only.includes(';')
    ? 'Its columns seem to be separated by semicolons: save the file with commas or tabs between them.'
    : undefined;
}
