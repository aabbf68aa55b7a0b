import { existsSync, readFileSync } from 'node:fs';
import { codeFrameColumns } from '@babel/code-frame';
import { Chalk, type ChalkInstance } from 'chalk';
import { SweeplineError } from '../errors.js';
import type { Diagnostic } from '../pipeline/diagnostic.js';
import { OVERRIDE_PREFIX } from '../pipeline/overrides.js';
import { RefusedPlanError } from '../plan/create-plan.js';

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

/** The text of diagnostics, each as `file:line:column: error: …` with a code frame and a hint. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], { stream }: ErrorTextOptions): string {
  const color = colors(stream);
  return diagnostics.map((diagnostic) => `${diagnosticText(diagnostic, color)}\n`).join('\n');
}

function diagnosticText({ severity, message, hint, location }: Diagnostic, color: ChalkInstance): string {
  const { file, line, column } = location;
  const place = isOverride(file) ? file : `${file}:${line}:${column}`;
  const kind = severity === 'error' ? color.red('error') : color.yellow('warning');
  const frame = codeFrame(location, color);
  return [
    `${color.bold(place)}: ${kind}: ${message}`,
    ...(frame === null ? [] : [frame]),
    ...hintLines(hint, color),
  ].join('\n');
}

function hintLines(hint: string | null, color: ChalkInstance): readonly string[] {
  return hint === null ? [] : [`  ${color.cyan('hint')}: ${hint}`];
}

/** Two lines before the mistake and one after it, unless it is empty; null when the file is not there any more. */
function codeFrame({ file, line, column, endColumn }: Diagnostic['location'], color: ChalkInstance): string | null {
  const text = isOverride(file) ? file : (texts.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : null));
  if (text === null) return null;
  const place = { start: { line, column }, end: { line, column: endColumn } };
  const frame = codeFrameColumns(text, place, { linesAbove: 2, linesBelow: 1, highlightCode: false });
  return frame
    .replace(/\n +\d+ \| *$/, '')
    .split('\n')
    .map((row) => row.trimEnd().replace(/^>|(?<=^ +\| *)\^+$/g, (mark) => color.red(mark)))
    .join('\n');
}

function isOverride(file: string): boolean {
  return file.startsWith(OVERRIDE_PREFIX);
}

function colors(stream: ErrorTextOptions['stream']): ChalkInstance {
  const wanted = stream.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  return new Chalk({ level: wanted ? 1 : 0 });
}
