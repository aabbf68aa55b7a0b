import { DataError } from '../errors.js';
import { IntList } from './int-list.js';
import type { RawPart } from './raw-part.js';
import type { TokenStore } from './token-store.js';

/** Gathers the rows of a table as they come. */
export interface RowCollector {
  readonly count: () => number;
  /** Throws a DataError where the label is empty. */
  readonly add: (text: string, label: string, line: number) => void;
  readonly finish: () => RawPart;
}

/** `tokenize` appends a text's tokens to the store; `name` is the file's, for messages. */
export function createRowCollector(store: TokenStore, tokenize: (text: string) => void, name: string): RowCollector {
  const starts = new IntList();
  const ends = new IntList();
  const labels = new IntList();
  const indices = new Map<string, number>();
  const places: string[] = [];
  return {
    count: () => starts.length,
    add: (text, label, line) => {
      const trimmed = label.trim();
      if (trimmed === '') throw noLabel(`${name}:${line}`);
      starts.push(store.ids.length);
      tokenize(text);
      ends.push(store.ids.length);
      let index = indices.get(trimmed);
      if (index === undefined) {
        index = indices.size;
        indices.set(trimmed, index);
        places.push(`${name}:${line}`);
      }
      labels.push(index);
    },
    finish: () => ({
      count: starts.length,
      starts: starts.view(),
      ends: ends.view(),
      labels: labels.view(),
      label_names: [...indices.keys()],
      label_places: places,
    }),
  };
}

function noLabel(place: string): DataError {
  return new DataError(`${place}: the row has no label.`, {
    code: 'DATA_LABEL',
    hint: 'Give it one or take it out; or is `data.columns.label` another column?',
  });
}
