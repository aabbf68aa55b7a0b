import { markdownTable } from 'markdown-table';

export interface Column {
  /** Markdown, escaped by the caller as far as it comes from data. */
  readonly header: string;
  readonly align?: 'left' | 'right';
  /** One cell a row, Markdown too. */
  readonly cells: readonly string[];
}

/** A Markdown table of columns of equal length; columns whose every cell is empty are left out. */
export function tableOf(columns: readonly Column[]): string {
  const shown = columns.filter(({ cells }, index) => index === 0 || cells.some((cell) => cell !== ''));
  const rows = shown[0]?.cells.map((_, row) => shown.map(({ cells }) => cells[row] ?? '')) ?? [];
  return markdownTable([shown.map(({ header }) => header), ...rows], {
    align: shown.map(({ align = 'left' }) => (align === 'right' ? 'r' : 'l')),
    stringLength: displayWidth,
  });
}

/** Columns on a terminal: Chinese, Japanese and Korean characters are two wide. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
