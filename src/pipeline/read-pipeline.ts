import { checkClaimGrammar } from './checks/claims.js';
import { checkSweep } from './checks/sweep-settings.js';
import { composeFile, withoutComposition } from './composition.js';
import { type Diagnostic, hasErrors, inReadingOrder } from './diagnostic.js';
import { explain, type Problem } from './explain.js';
import type { ReadFile } from './named-file.js';
import { applyOverrides } from './overrides.js';
import { pathText } from './path.js';
import type { Pipeline } from './pipeline-types.js';
import { locateKey, locateValue, type Position } from './positions.js';
import { pipelineSchema } from './schema.js';
import { settingKeys } from './settings.js';
import { type SpanLocation, sourceText } from './source-text.js';

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
  // What is missing may stand in the file that could not be had.
  const isTold = ({ code }: Problem): boolean => code !== 'MISSING_KEY' || !composed || !hasErrors(diagnostics);
  const problems = [...explain(data, pipelineSchema), ...checkSweep(data as { readonly [key: string]: unknown })];
  const all = [
    ...diagnostics,
    ...refused,
    ...problems.filter(isTold).map((problem) => diagnosticOf(problem, position)),
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

/** Where the value at a path such as `data.split.train` was written, or else its nearest written parent. */
export function locate({ positions }: PipelineFile, path: string): SpanLocation {
  return locateValue(positions, settingKeys(path));
}

/** A problem with its place in the file (or in an override). */
function diagnosticOf({ code, path, at, message, hint }: Problem, positions: Position): Diagnostic {
  const location = at === 'key' ? locateKey(positions, path) : locateValue(positions, path);
  return { severity: 'error', code, path: pathText(path), message, hint, location };
}
