import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { DataError } from '../errors.js';
import { type Container, containerOf, damagedError, inflated, isGzip, openBytes } from './container.js';
import { forEachFile, listFolder } from './folder-tree.js';
import { suggestName } from './nearest-name.js';
import type { DataContext } from './progress.js';
import type { LocalSource } from './source.js';

export interface MemberVisitor {
  /** Sees the path of every file of the source; true asks for its content. */
  readonly wants: (member: string) => boolean;
  readonly onMember: (member: string, content: Buffer) => void;
  /** Only these paths of a folder are walked. */
  readonly paths: readonly string[];
}

/** Reads the wanted files of a folder or an archive, in the order they lie there; an archive is streamed, not unpacked. */
export async function readMembers(source: LocalSource, visitor: MemberVisitor, context: DataContext): Promise<void> {
  const { kind, gzip, pathOf } = await containerOf(source);
  if (kind === 'file') {
    throw new DataError(`${source.name} is a single file; expected a folder or an archive (.tar, .tar.gz).`, {
      code: 'DATA_FORMAT',
      hint: 'For `format: folders` every text is a file of its own.',
    });
  }
  try {
    if (kind === 'folder') return await readFolder(source, visitor, context);
    if (kind === 'zip') {
      const { readZip } = await import('./zip-archive.js');
      return await readZip(source.path, visitor.wants, visitor.onMember);
    }
    const { readTar } = await import('./tar-archive.js');
    const { size } = await stat(source.path);
    await readTar({ bytes: openBytes(source, gzip, context, size), pathOf }, visitor.wants, visitor.onMember);
  } catch (error) {
    throw damagedError(source, error);
  }
}

export interface MemberRequest {
  /** The path within a folder or an archive; null when the source is the file itself. */
  readonly member: string | null;
  /** The dotted path of the key that names the member, for messages. */
  readonly setting: string;
}

/** The bytes of a file, or of one member of a folder or an archive, uncompressed. A DataError names what there is. */
export async function openMember(source: LocalSource, request: MemberRequest, context: DataContext): Promise<Readable> {
  const container = await containerOf(source);
  const { kind, gzip } = container;
  if (kind === 'file') {
    const { size } = await stat(source.path);
    return openBytes(source, gzip, context, size);
  }
  const seen = new Set<string>();
  if (request.member === null) {
    return openOnlyMember(source, request, context);
  }
  const wanted = container.pathOf(request.member);
  try {
    const stream = await openFrom(source, container, wanted, seen, context);
    if (stream !== null) return await inflateIfGzip(stream);
  } catch (error) {
    throw damagedError(source, error);
  }
  throw new DataError(`\`${request.setting}\`: ${source.name} holds no file "${request.member}".`, {
    code: 'DATA_NOT_FOUND',
    hint: suggestName(wanted, [...seen].sort()),
  });
}

/** An archive of one file needs no member's name. */
async function openOnlyMember(source: LocalSource, request: MemberRequest, context: DataContext): Promise<Readable> {
  const names: string[] = [];
  const list = { wants: (name: string) => names.push(name) < 0, onMember: () => undefined, paths: [] };
  await readMembers(source, list, context);
  if (names.length === 1) return openMember(source, { ...request, member: names[0]! }, context);
  if (names.length === 0) throw new DataError(`${source.name} holds no file.`, { code: 'DATA_EMPTY' });
  throw new DataError(`${source.name} holds ${names.length} files; \`${request.setting}\` must name one.`, {
    code: 'DATA_NOT_FOUND',
    hint: suggestName('', names.sort()),
  });
}

async function openFrom(
  source: LocalSource,
  { kind, gzip, pathOf }: Container,
  wanted: string,
  seen: Set<string>,
  context: DataContext,
): Promise<Readable | null> {
  if (kind === 'zip') {
    const { openZipMember } = await import('./zip-archive.js');
    return openZipMember(source.path, wanted, seen);
  }
  if (kind === 'tar') {
    const { openTarMember } = await import('./tar-archive.js');
    const { size } = await stat(source.path);
    const request = { bytes: openBytes(source, gzip, context, size), pathOf };
    return openTarMember(request, { name: source.name, wanted, seen });
  }
  const [found] = listFolder(source.path, { paths: [wanted], match: null });
  if (found !== wanted) {
    for (const name of listFolder(source.path, { paths: [], match: null })) seen.add(name);
    return null;
  }
  const file = { path: path.join(source.path, wanted), name: `${source.name}/${wanted}`, is_folder: false };
  const { size } = await stat(file.path);
  return openBytes(file, false, context, size);
}

/** A member may be compressed on its own: `reviews.csv.gz` in a folder. */
async function inflateIfGzip(stream: Readable): Promise<Readable> {
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await iterator.next();
  const chunks = Readable.from(chunksFrom(first, iterator), { objectMode: false });
  chunks.once('close', () => stream.destroy());
  if (first.done === true || !isGzip(first.value)) return chunks;
  return inflated(chunks);
}

async function* chunksFrom(first: IteratorResult<Buffer>, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let step = first; step.done !== true; step = await rest.next()) yield step.value;
}

async function readFolder(source: LocalSource, visitor: MemberVisitor, context: DataContext): Promise<void> {
  const names = listFolder(source.path, { paths: visitor.paths, match: null });
  let done = 0;
  let reported = 0;
  await forEachFile(names, context.signal, (name) => {
    if (!visitor.wants(name)) return;
    const content = readFileSync(path.join(source.path, name));
    done += content.length;
    if (done - reported >= REPORT_BYTES) {
      context.onProgress({ stage: 'read', name: source.name, done, total: null });
      reported = done;
    }
    visitor.onMember(name, content);
  });
}

/** Many small files: a word about each would cost more than reading it. */
const REPORT_BYTES = 1 << 20;
