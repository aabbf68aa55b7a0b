import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import { containerOf } from './container.js';
import { listFolder } from './folder-tree.js';
import { foldersOf } from './member-path.js';
import { readMembers } from './members.js';
import { suggestName } from './nearest-name.js';
import type { DataContext } from './progress.js';
import { PART_NAMES, type PartName, type RawPart, type RawParts } from './raw-part.js';
import type { LocalSource } from './source.js';
import { decodeText } from './text-steps.js';
import type { TokenStore } from './token-store.js';
import { compilePattern } from './tokenizer.js';

export interface FolderRequest {
  readonly source: LocalSource;
  readonly config: DataConfig;
  readonly store: TokenStore;
  readonly tokenize: (text: string) => void;
}

/**
 * Reads one text per file, one folder (or several) per label, in one pass over the source. The order is that of the
 * labels, of each label's paths, then of the files' names by code unit, whatever the archive's own order is.
 */
export async function readFolders(request: FolderRequest, context: DataContext): Promise<RawParts> {
  const { source, config, store, tokenize } = request;
  const { pathOf } = await containerOf(source);
  const folders = PART_NAMES.flatMap((part) => labelFolders(part, config, pathOf));
  const match = compilePattern(config.match, 'u', 'data.match');
  const seen: string[] = [];
  const takers = (member: string): readonly LabelFolder[] =>
    match.test(member.slice(member.lastIndexOf('/') + 1))
      ? folders.filter((folder) => member.startsWith(folder.prefix) && folder.mayTake(member))
      : [];
  const visitor = {
    paths: folders.map((folder) => folder.prefix.slice(0, -1)),
    wants: (member: string) => {
      seen.push(member);
      return takers(member).length > 0;
    },
    onMember: (member: string, content: Buffer) => {
      const start = store.ids.length;
      tokenize(decodeText(content, config.encoding));
      for (const folder of takers(member)) folder.take(member, { start, end: store.ids.length });
    },
  };
  await readMembers(source, visitor, context);
  for (const folder of folders) if (folder.size() === 0) throw emptyFolder(folder, source, seen, config);
  const assemble = (part: PartName): RawPart | null =>
    config[part] === null ? null : assemblePart(folders.filter((folder) => folder.part === part));
  return { train: assemble('train')!, validation: assemble('validation'), test: assemble('test') };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface LabelFolder {
  readonly part: PartName;
  readonly label: string;
  /** The folder's path and a slash. */
  readonly prefix: string;
  readonly size: () => number;
  /** False when enough files that come earlier in order are there already. */
  readonly mayTake: (member: string) => boolean;
  readonly take: (member: string, span: Span) => void;
  /** In order of the files' names. */
  readonly spans: () => readonly Span[];
  readonly limit: number;
}

function labelFolders(
  part: PartName,
  { [part]: members, max_examples }: DataConfig,
  pathOf: (path: string) => string,
): readonly LabelFolder[] {
  if (members === null) return [];
  if (typeof members === 'string') {
    throw new DataError(`\`data.${part}\` is "${members}"; for \`format: folders\` it must give a path per label.`, {
      code: 'DATA_FORMAT',
      hint: `Write ${part}: { neg: path/neg, pos: path/pos }`,
    });
  }
  const limit = max_examples ?? Number.POSITIVE_INFINITY;
  return Object.entries(members).flatMap(([label, paths]) =>
    [paths].flat().map((path) => labelFolder(part, label, pathOf(path), limit)),
  );
}

function labelFolder(part: PartName, label: string, path: string, limit: number): LabelFolder {
  const texts = new Map<string, Span>();
  /** The names so far, sorted; kept only when a limit asks for the first ones. */
  const first: string[] = [];
  const place = (member: string): number => {
    let low = 0;
    let high = first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (first[middle]! < member) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    part,
    label,
    prefix: `${path}/`,
    limit,
    size: () => texts.size,
    mayTake: (member) => first.length < limit || first[limit - 1]! > member,
    take: (member, span) => {
      // As in tar, a later member of the same name replaces the earlier one.
      const isNew = !texts.has(member);
      texts.set(member, span);
      if (!isNew || limit === Number.POSITIVE_INFINITY) return;
      first.splice(place(member), 0, member);
      if (first.length > limit) texts.delete(first.pop()!);
    },
    spans: () => [...texts.keys()].sort().map((name) => texts.get(name)!),
  };
}

function assemblePart(folders: readonly LabelFolder[]): RawPart {
  const names = [...new Set(folders.map((folder) => folder.label))];
  const spans: Span[] = [];
  const labels: number[] = [];
  names.forEach((name, index) => {
    const own = folders.filter((folder) => folder.label === name);
    const texts = own.flatMap((folder) => folder.spans()).slice(0, own[0]!.limit);
    for (const span of texts) {
      spans.push(span);
      labels.push(index);
    }
  });
  return {
    count: spans.length,
    starts: Int32Array.from(spans, ({ start }) => start),
    ends: Int32Array.from(spans, ({ end }) => end),
    labels: Int32Array.from(labels),
    label_names: names,
    label_places: names.map((name) => `data.${folders[0]!.part}.${name}`),
  };
}

function emptyFolder(
  { part, label, prefix }: LabelFolder,
  source: LocalSource,
  seen: readonly string[],
  config: DataConfig,
): DataError {
  const path = prefix.slice(0, -1);
  const setting = `data.${part}.${label}`;
  const inside = seen.filter((member) => member.startsWith(prefix));
  if (inside.length > 0) {
    return new DataError(`\`${setting}\`: none of the ${inside.length} files in "${path}" matches ${config.match}.`, {
      code: 'DATA_NOT_FOUND',
      hint: `The first is ${inside[0]}; set \`data.match\` to a pattern of the names wanted.`,
    });
  }
  const files = source.is_folder ? listFolder(source.path, { paths: [], match: null }) : seen;
  if (files.length === 0) return new DataError(`${source.name} holds no file.`, { code: 'DATA_EMPTY' });
  return new DataError(`\`${setting}\`: ${source.name} holds no folder "${path}".`, {
    code: 'DATA_NOT_FOUND',
    hint: suggestName(path, [...foldersOf(files)].sort()),
  });
}
