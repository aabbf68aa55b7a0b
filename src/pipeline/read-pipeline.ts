import { checkClaimGrammar } from './checks/claims.js';
import { checkKeyOrder } from './checks/key-order.js';
import { checkSweep } from './checks/sweep-settings.js';
import { composeFile, withoutComposition } from './composition.js';
import { type Diagnostic, hasErrors, inReadingOrder } from './diagnostic.js';
import { explain } from './explain.js';
import type { ReadFile } from './named-file.js';
import { applyOverrides } from './overrides.js';
import { pathText } from './path.js';
import type { Pipeline } from './pipeline-types.js';
import { locateKey, locateRemoval, locateValue, type Position } from './positions.js';
import type { Problem } from './problem.js';
import { pipelineSchema } from './schema.js';
import { sourceText } from './source-text.js';

export interface ReadPipelineOptions {
  /** Where the text is from. */
  readonly file: string;
  readonly text: string;
  /** `path=value` settings of the command line, applied in order before anything is checked. */
  readonly overrides?: readonly string[];
  /** Reads what `extends` and `include` name; without it there are no such files. */
  readonly readFile?: ReadFile;
  /** How a file is named in messages; by its path unless given. */
  readonly nameOf?: (path: string) => string;
}

/** A pipeline as it was read: valid when `pipeline` is not null. */
export interface PipelineFile {
  /** The name to show in messages. */
  readonly file: string;
  readonly text: string;
  /** Everything that the pipeline says, where `extends` or `include` had a part in it; else null. */
  readonly composed: object | null;
  readonly pipeline: Pipeline | null;
  readonly positions: Position;
  /** In reading order: errors when the pipeline is null, warnings otherwise. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a pipeline from its text: every mistake is a diagnostic with its place; nothing is thrown. */
export function readPipeline(options: ReadPipelineOptions): PipelineFile {
  const { file: path, text, overrides = [], readFile = noFile, nameOf = (name) => name } = options;
  const file = nameOf(path);
  const { part, composed, diagnostics } = composeFile({ path, text }, { readFile, nameOf });
  if (part === null) {
    const source = sourceText(file, text);
    const whole: Position = { value: { source, start: 0, end: text.length }, key: null, children: new Map() };
    const refused = inReadingOrder(diagnostics);
    return { file, text, composed: null, pipeline: null, positions: whole, diagnostics: refused };
  }
  const { data, position, diagnostics: refused } = applyOverrides(part, overrides);
  const problems = [
    ...explain(data, pipelineSchema),
    ...checkKeyOrder(data, position),
    ...checkSweep(data as { readonly [key: string]: unknown }),
  ];
  const unread = [...diagnostics, ...refused];
  // What is missing may stand in the file that could not be had.
  const inOtherFile = (composed && hasErrors(diagnostics)) || problems.some(isOfComposition);
  const all = [
    ...unread,
    ...problems
      .filter(({ code }) => code !== 'MISSING_KEY' || !inOtherFile)
      .map((problem) => ({ at: problem.at, diagnostic: diagnosticOf(problem, position) }))
      // What stands in for a value that could not be read is none of the user's.
      .filter(({ at, diagnostic }) => at === 'key' || !unread.some((other) => isSamePlace(other, diagnostic)))
      .map(({ diagnostic }) => diagnostic),
    ...checkClaimGrammar((data as { readonly expect?: unknown }).expect, position),
  ];
  return {
    file,
    text,
    composed: composed ? withoutComposition(part).data : null,
    pipeline: hasErrors(all) ? null : (data as unknown as Pipeline),
    positions: position,
    diagnostics: inReadingOrder(all),
  };
}

const noFile: ReadFile = () => ({ problem: 'there are no files here' });

/** Whether it is about the keys that name other files, misspelt ones too. */
function isOfComposition({ code, path, hint }: Problem): boolean {
  if (code !== 'UNKNOWN_KEY') return path[0] === 'extends' || path[0] === 'include';
  return path.length === 1 && (hint === 'Did you mean `extends`?' || hint === 'Did you mean `include`?');
}

function isSamePlace({ location: a }: Diagnostic, { location: b }: Diagnostic): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

/** A problem with its place in the file (or in an override); of a key that was removed, where that was. */
function diagnosticOf({ code, path, at, message, hint, missing }: Problem, positions: Position): Diagnostic {
  const diagnostic = { severity: 'error' as const, code, path: pathText(path), message, hint };
  const removal = missing === undefined ? null : locateRemoval(positions, path, missing);
  if (removal !== null) {
    return { ...diagnostic, message: message.replace(/found none$/, 'which is removed here'), location: removal };
  }
  return { ...diagnostic, location: at === 'key' ? locateKey(positions, path) : locateValue(positions, path) };
}
