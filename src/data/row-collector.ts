import { IntList } from './int-list.js';
import type { RawPart } from './raw-part.js';
import type { TokenStore } from './token-store.js';

/** Gathers the rows of a table as they come. */
export interface RowCollector {
  readonly count: () => number;
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
      starts.push(store.ids.length);
      tokenize(text);
      ends.push(store.ids.length);
      const trimmed = label.trim();
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
