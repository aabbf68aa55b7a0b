import { dirname, isAbsolute, join, normalize } from 'node:path';
import { compose } from './compose.js';
import { found } from './describe.js';
import type { Diagnostic } from './diagnostic.js';
import type { Part } from './merge.js';
import { parseYaml } from './parse-yaml.js';
import { type Path, pathText } from './path.js';
import { locateValue, type Position } from './positions.js';
import { locationOf, type SourceText, sourceText } from './source-text.js';

type Mapping = { readonly [key: string]: unknown };

/** The text of a file that a pipeline names, or why there is none: `there is no such file`. */
export type ReadFile = (path: string) => { readonly text: string } | { readonly problem: string };

export interface PipelineFiles {
  readonly readFile: ReadFile;
  /** How a file is named in messages. */
  readonly nameOf: (path: string) => string;
}

/** The reading of one pipeline with all of its files. */
export interface Reading {
  readonly files: PipelineFiles;
  readonly diagnostics: Diagnostic[];
}

/** What a file holds. */
export interface FilePart extends Part<Mapping> {
  readonly path: string;
}

/** The mapping that a file holds, or null after a diagnostic. */
export function readPart(
  reading: Reading,
  { path, text }: { readonly path: string; readonly text: string },
): FilePart | null {
  const source = sourceText(reading.files.nameOf(path), text);
  if (isUtf16(text)) {
    reading.diagnostics.push(notUtf8(source));
    return null;
  }
  const { document, diagnostics } = parseYaml(source);
  reading.diagnostics.push(...diagnostics);
  if (document === null) return null;
  const { data, position, diagnostics: refused } = compose(document, source);
  reading.diagnostics.push(...refused);
  if (data !== null && typeof data === 'object' && !Array.isArray(data))
    return { path, data: data as Mapping, position };
  reading.diagnostics.push(notAMapping(data, source, position));
  return null;
}

/** A file that is named in another, relative to it; null after a diagnostic at the name where it cannot be had. */
export function namedFile(
  reading: Reading,
  own: FilePart,
  { key, name }: { readonly key: Path; readonly name: string },
): { readonly path: string; readonly text: string } | null {
  const refuse = (code: string, message: string, hint: string): null => {
    report(reading, own, { key, code, message, hint });
    return null;
  };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name)) {
    const hint = 'Pipelines are made of files that stand beside them: fetch it, and commit it.';
    return refuse('EXTENDS_ADDRESS', `expected a file, found the address \`${name}\``, hint);
  }
  if (!isYamlName(name)) {
    const hint = 'Pipelines are made of files whose names end in .yaml or .yml.';
    return refuse('EXTENDS_NOT_YAML', `expected a YAML file, found the name \`${name}\``, hint);
  }
  const path = isAbsolute(name) ? normalize(name) : join(dirname(own.path), name);
  const read = reading.files.readFile(path);
  if ('text' in read) return { path, text: read.text };
  const message = `expected a file at ${reading.files.nameOf(path)}: ${read.problem}`;
  return refuse('EXTENDS_UNREADABLE', message, 'A name is relative to the file that it stands in.');
}

/**
 * Whether a file may have a part in a pipeline. A mistake is shown with the lines around it, so what is no YAML is not
 * read: its lines would be told to whoever sees the message.
 */
export function isYamlName(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

interface Wording {
  readonly key: Path;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Adds an error about the value at a key of a file. */
export function report(reading: Reading, { position }: FilePart, { key, code, message, hint }: Wording): void {
  const location = locateValue(position, key);
  reading.diagnostics.push({ severity: 'error', code, path: pathText(key), message, hint, location });
}

/** Whether a text that was read as UTF-8 is UTF-16, which its first letter tells: one of its two bytes is zero. */
function isUtf16(text: string): boolean {
  return /^\ufffd*(?:\0[^\0]|[^\0]\0)/.test(text);
}

function notUtf8(source: SourceText): Diagnostic {
  return {
    severity: 'error',
    code: 'NOT_UTF8',
    path: '',
    message: 'expected a text in UTF-8, found one in UTF-16',
    hint: 'Save the file as UTF-8; PowerShell writes UTF-16 unless told `-Encoding utf8`.',
    location: locationOf({ source, start: 0, end: 1 }),
  };
}

function notAMapping(data: unknown, source: SourceText, { value }: Position): Diagnostic {
  const words = data === null ? 'an empty file' : found(data);
  return {
    severity: 'error',
    code: 'NOT_A_PIPELINE',
    path: '',
    message: `expected a mapping with \`name\`, \`data\` and \`model\`, found ${words}`,
    hint: 'Begin with `name: my-experiment`; pipelines/quickstart.yaml is a complete example.',
    location: locationOf({ source, start: value.start, end: Math.max(value.end, value.start + 1) }),
  };
}
