import { LineCounter } from 'yaml';

/** A text with a name, whose offsets can be told as lines and columns. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
}

/** A part of a source, in offsets; `end` is exclusive. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** Where a span stands: lines and columns from 1; `endColumn` is exclusive and on the same line. */
export interface SpanLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** Names a text and finds its lines. */
export function sourceText(file: string, text: string): SourceText {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return { file, text, lines };
}

/** The location of a span, cut at the end of its first line and at least one column wide. */
export function locationOf({ source, start, end }: Span): SpanLocation {
  const first = Math.max(0, Math.min(start, source.text.length));
  const lineEnd = source.text.slice(first, end).search(/\r?\n/);
  const last = lineEnd === -1 ? end : first + lineEnd;
  const { line, col } = source.lines.linePos(first);
  return { file: source.file, line, column: col, endColumn: col + Math.max(1, last - first) };
}
