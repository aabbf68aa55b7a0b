import { escapeInline } from './escape.js';
import type { SectionContext } from './section.js';
import type { Column } from './table.js';

/** What names the rows of a table of arms: a column for each setting that varies, or their names. */
export function armColumns({ data: { arms }, label, names }: SectionContext): readonly Column[] {
  if (names.paths.length > 0) {
    return names.paths.map((path) => ({
      header: escapeInline(path),
      cells: arms.map((arm) => names.value(arm, path)),
    }));
  }
  return [{ header: label('arm'), cells: arms.map(({ id }) => names.of(id)) }];
}
