import type { Diagnostic } from '../pipeline/diagnostic.js';
import { OVERRIDE_PREFIX } from '../pipeline/overrides.js';

/**
 * A diagnostic as a workflow command of GitHub Actions (`::error file=…,line=…,col=…::…`). An override of the command
 * line, which is in no file, is annotated at the top of the pipeline that it changes.
 */
export function githubAnnotation({ severity, code, message, hint, location }: Diagnostic, pipeline: string): string {
  const inFile = !location.file.startsWith(OVERRIDE_PREFIX);
  const { file, line, column, endColumn } = inFile ? location : { file: pipeline, line: 1, column: 1, endColumn: 1 };
  const properties = { file, line, endLine: line, col: column, endColumn, title: code };
  const words = [inFile ? message : `${location.file}: ${message}`, ...(hint === null ? [] : [hint])].join('\n');
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapeData(words)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
