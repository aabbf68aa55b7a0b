import type { Diagnostic } from './diagnostic.js';
import { includedBlock } from './included-block.js';
import { mergeOver, type Part } from './merge.js';
import { type FilePart, namedFile, type PipelineFiles, type Reading, readPart, report } from './named-file.js';
import type { Position } from './positions.js';

type Mapping = { readonly [key: string]: unknown };

export interface Composition {
  /** Null when the file itself is no mapping. */
  readonly part: Part<Mapping> | null;
  /** Whether other files have a part in it. */
  readonly composed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A pipeline with what it extends and includes: first the extended file, over it the included blocks in order, over
 * these the file's own keys. Positions point into the file that said it, and so do diagnostics; nothing is thrown.
 */
export function composeFile(file: { readonly path: string; readonly text: string }, files: PipelineFiles): Composition {
  const reading: Reading = { files, diagnostics: [] };
  const own = readPart(reading, file);
  if (own === null) return { part: null, composed: false, diagnostics: reading.diagnostics };
  const composed = own.data.extends !== undefined || own.data.include !== undefined;
  return { part: composed ? withBases(reading, own, [own.path]) : own, composed, diagnostics: reading.diagnostics };
}

/** `open` is the files that are being composed, the outermost first. */
function withBases(reading: Reading, own: FilePart, open: readonly string[]): Part<Mapping> {
  const base = extended(reading, own, open);
  const bases = [...(base === null ? [] : [base]), ...included(reading, own)];
  const [first, ...others] = [...bases.map(withoutComposition), own];
  return others.reduce(mergeOver, first!);
}

function extended(reading: Reading, own: FilePart, open: readonly string[]): Part<Mapping> | null {
  const name = own.data.extends;
  if (typeof name !== 'string') return null;
  const file = namedFile(reading, own, { key: ['extends'], name });
  if (file === null) return null;
  if (open.includes(file.path)) {
    const circle = [...open.slice(open.indexOf(file.path)), file.path].map(reading.files.nameOf).join(' → ');
    const message = `a pipeline cannot extend itself: ${circle}`;
    const hint = 'Move what both need to a file that extends neither.';
    report(reading, own, { key: ['extends'], code: 'EXTENDS_CYCLE', message, hint });
    return null;
  }
  const base = readPart(reading, file);
  return base === null ? null : withBases(reading, base, [...open, file.path]);
}

function included(reading: Reading, own: FilePart): readonly Part<Mapping>[] {
  const { include } = own.data;
  return Array.isArray(include) ? include.flatMap((_, index) => includedBlock(reading, own, index) ?? []) : [];
}

/** A pipeline without the keys that say which files it is made of: what it extends, another need not. */
export function withoutComposition({ data, position }: Part<Mapping>): Part<Mapping> {
  const { extends: _extends, include: _include, ...rest } = data;
  const children = new Map<string, Position>(position.children);
  children.delete('extends');
  children.delete('include');
  return { data: rest, position: { ...position, children } };
}
