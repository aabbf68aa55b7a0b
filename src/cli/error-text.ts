import { existsSync, readFileSync } from 'node:fs';
import { codeFrameColumns } from '@babel/code-frame';
import type { ChalkInstance } from 'chalk';
import { SweeplineError } from '../errors.js';
import type { Diagnostic } from '../pipeline/diagnostic.js';
import { OVERRIDE_PREFIX } from '../pipeline/overrides.js';
import { RefusedPlanError } from '../plan/create-plan.js';
import { colors } from './terminal/colors.js';
import { oneLine } from './terminal/display-width.js';

export interface ErrorTextOptions {
  /** Where the text will be written: colours where it is a terminal and NO_COLOR is not set. */
  readonly stream: { readonly isTTY?: boolean };
}

/** Gives the text of a file that is on no disk (one of a Git commit), for the frames of errors in it. */
export function rememberText(file: string, text: string): void {
  texts.set(file, text);
}

const texts = new Map<string, string>();

/** The text of anything that was thrown, for a person: a user's mistake with its frame and hint, a bug with its stack. */
export function errorText(error: unknown, { stream }: ErrorTextOptions): string {
  if (error instanceof RefusedPlanError) return diagnosticsText(error.diagnostics, { stream });
  if (!(error instanceof SweeplineError)) {
    return `Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  }
  const { code, message, hint = null, location } = error;
  if (location === undefined) {
    const color = colors(stream);
    return [`${color.red('error')}: ${message}`, ...hintLines(hint, color), ''].join('\n');
  }
  const place = { ...location, endColumn: 'endColumn' in location ? Number(location.endColumn) : location.column };
  return diagnosticsText([{ severity: 'error', code, path: '', message, hint, location: place }], { stream });
}

/** One bad list of values can be wrong a thousand times; the rest is counted. */
const MOST_SHOWN = 20;

/** The text of diagnostics, each as `file:line:column: error: …` with a code frame and a hint; errors first where not all are shown. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], { stream }: ErrorTextOptions): string {
  const color = colors(stream);
  const [shown, left] = firstOf(diagnostics);
  const texts = shown.map((diagnostic) => `${diagnosticText(diagnostic, color)}\n`);
  return [...texts, ...(left.length === 0 ? [] : [`${moreText(left, color)}\n`])].join('\n');
}

function firstOf(diagnostics: readonly Diagnostic[]): readonly [readonly Diagnostic[], readonly Diagnostic[]] {
  // One more is no longer than the line that would count it.
  if (diagnostics.length <= MOST_SHOWN + 1) return [diagnostics, []];
  const of = (kind: Diagnostic['severity']) => diagnostics.filter(({ severity }) => severity === kind);
  const inOrder = [...of('error'), ...of('warning')];
  return [inOrder.slice(0, MOST_SHOWN), inOrder.slice(MOST_SHOWN)];
}

function moreText(left: readonly Diagnostic[], color: ChalkInstance): string {
  const counts = (['error', 'warning'] as const).flatMap((kind) => {
    const count = left.filter(({ severity }) => severity === kind).length;
    return count === 0 ? [] : [`${count.toLocaleString('en')} more ${kind}${count === 1 ? '' : 's'}`];
  });
  return [`and ${counts.join(', ')}`, ...hintLines('`sweep validate FILE --format json` lists them all', color)].join(
    '\n',
  );
}

function diagnosticText({ severity, message, hint, location }: Diagnostic, color: ChalkInstance): string {
  const { file, line, column } = location;
  const place = isOverride(file) ? file : `${file}:${line}:${column}`;
  const kind = severity === 'error' ? color.red('error') : color.yellow('warning');
  const frame = codeFrame(location, color);
  return [
    `${color.bold(place)}: ${kind}: ${oneLine(message)}`,
    ...(frame === null ? [] : [frame]),
    ...hintLines(hint === null ? null : oneLine(hint), color),
  ].join('\n');
}

function hintLines(hint: string | null, color: ChalkInstance): readonly string[] {
  return hint === null ? [] : [`  ${color.cyan('hint')}: ${hint}`];
}

const LINES_ABOVE = 2;
const LINES_BELOW = 1;
/** Lines are not cut where the place of the mistake can be seen in them without that. */
const WIDEST = 160;

interface Place {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** A text whose long lines near a place are cut to what stands around it, and the place's columns in it. */
function excerpt(text: string, { line, column, endColumn }: Place): Omit<Place, 'line'> & { readonly text: string } {
  const lines = text.split('\n');
  const near = (index: number): boolean => index >= line - 1 - LINES_ABOVE && index <= line - 1 + LINES_BELOW;
  if (!lines.some((row, index) => near(index) && row.length > WIDEST)) return { text, column, endColumn };
  const start = Math.max(0, column - 1 - WIDEST / 2);
  const before = start === 0 ? '' : '… ';
  const cut = lines.map((row, index) => {
    if (!near(index) || row.length <= start) return near(index) ? '' : row;
    return `${before}${row.slice(start, start + WIDEST)}${row.length > start + WIDEST ? ' …' : ''}`;
  });
  const moved = start - before.length;
  return {
    text: cut.join('\n'),
    column: column - moved,
    endColumn: Math.min(endColumn - moved, before.length + WIDEST + 1),
  };
}

/** Two lines before the mistake and one after it, unless it is empty; null when the file is not there any more. */
function codeFrame({ file, line, column, endColumn }: Diagnostic['location'], color: ChalkInstance): string | null {
  const text = isOverride(file) ? file : (texts.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : null));
  if (text === null) return null;
  const shown = excerpt(text, { line, column, endColumn });
  const place = { start: { line, column: shown.column }, end: { line, column: shown.endColumn } };
  const frame = codeFrameColumns(shown.text, place, {
    linesAbove: LINES_ABOVE,
    linesBelow: LINES_BELOW,
    highlightCode: false,
  });
  return frame
    .replace(/\n +\d+ \| *$/, '')
    .split('\n')
    .map((row) => row.trimEnd().replace(/^>|(?<=^ +\| *)\^+$/g, (mark) => color.red(mark)))
    .join('\n');
}

function isOverride(file: string): boolean {
  return file.startsWith(OVERRIDE_PREFIX);
}
