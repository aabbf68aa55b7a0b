import { checkSweep } from './checks/sweep-settings.js';
import { compose } from './compose.js';
import { type Diagnostic, hasErrors, inReadingOrder } from './diagnostic.js';
import { explain, type Problem } from './explain.js';
import { applyOverrides } from './overrides.js';
import { parseYaml } from './parse-yaml.js';
import { pathText } from './path.js';
import type { Pipeline } from './pipeline-types.js';
import { locateKey, locateValue, type Position } from './positions.js';
import { pipelineSchema } from './schema.js';
import { settingKeys } from './settings.js';
import { locationOf, type SpanLocation, sourceText } from './source-text.js';

export interface ReadPipelineOptions {
  /** The name to show in messages. */
  readonly file: string;
  readonly text: string;
  /** `path=value` settings of the command line, applied in order before anything is checked. */
  readonly overrides?: readonly string[];
}

/** A pipeline as it was read: valid when `pipeline` is not null. */
export interface PipelineFile {
  readonly file: string;
  readonly text: string;
  readonly pipeline: Pipeline | null;
  readonly positions: Position;
  /** In reading order: errors when the pipeline is null, warnings otherwise. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a pipeline from its text: every mistake is a diagnostic with its place; nothing is thrown. */
export function readPipeline({ file, text, overrides = [] }: ReadPipelineOptions): PipelineFile {
  const source = sourceText(file, text);
  const whole: Position = { value: { source, start: 0, end: text.length }, key: null, children: new Map() };
  const { document, diagnostics } = parseYaml(source);
  if (document === null)
    return { file, text, pipeline: null, positions: whole, diagnostics: inReadingOrder(diagnostics) };

  const composed = compose(document, source);
  if (composed.data === null || typeof composed.data !== 'object' || Array.isArray(composed.data)) {
    const refused = [...composed.diagnostics, notAMapping(composed.data, composed.position)];
    return { file, text, pipeline: null, positions: whole, diagnostics: inReadingOrder(refused) };
  }
  const { data, position, diagnostics: refused } = applyOverrides(composed, overrides);
  const problems = [...explain(data, pipelineSchema), ...checkSweep(data as { readonly [key: string]: unknown })];
  const all = [...composed.diagnostics, ...refused, ...problems.map((problem) => diagnosticOf(problem, position))];
  return {
    file,
    text,
    pipeline: hasErrors(all) ? null : (data as unknown as Pipeline),
    positions: position,
    diagnostics: inReadingOrder(all),
  };
}

/** Where the value at a path such as `data.split.train` was written, or else its nearest written parent. */
export function locate({ positions }: PipelineFile, path: string): SpanLocation {
  return locateValue(positions, settingKeys(path));
}

/** A problem with its place in the file (or in an override). */
function diagnosticOf({ code, path, at, message, hint }: Problem, positions: Position): Diagnostic {
  const location = at === 'key' ? locateKey(positions, path) : locateValue(positions, path);
  return { severity: 'error', code, path: pathText(path), message, hint, location };
}

function notAMapping(data: unknown, { value }: Position): Diagnostic {
  return {
    severity: 'error',
    code: 'NOT_A_PIPELINE',
    path: '',
    message: `expected a mapping with \`name\`, \`data\` and \`model\`, found ${data === null ? 'an empty file' : 'something else'}`,
    hint: 'Begin with `name: my-experiment`; pipelines/quickstart.yaml is a complete example.',
    location: locationOf({ ...value, end: Math.max(value.end, value.start + 1) }),
  };
}
