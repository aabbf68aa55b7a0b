import { compose } from './compose.js';
import type { Diagnostic } from './diagnostic.js';
import { inReadingOrder } from './diagnostic.js';
import { explain } from './explain.js';
import { applyOverrides, OVERRIDE_PREFIX } from './overrides.js';
import { parseYaml } from './parse-yaml.js';
import { pathText } from './path.js';
import type { Pipeline } from './pipeline-types.js';
import { locateKey, locateValue } from './positions.js';
import { pipelineSchema, type Schema } from './schema.js';
import { sourceText } from './source-text.js';

export interface ExecutorSettings {
  readonly executor: Pipeline['executor'];
  /** In reading order; none where the settings are valid. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the settings of an executor from a file of their own (`executor: …` and nothing else), with `path=value`
 * settings of the command line, checked by the same schema as in a pipeline. An empty file has none.
 */
export function readExecutorSettings(file: string, text: string, overrides: readonly string[] = []): ExecutorSettings {
  const source = sourceText(file, text);
  const { document, diagnostics } = parseYaml(source);
  if (document === null) return { executor: undefined, diagnostics };
  const composed = compose(document, source);
  const part = { data: composed.data ?? {}, position: composed.position };
  const applied = applyOverrides(part, overrides);
  const problems = explain(applied.data, SCHEMA).map(({ code, path, at, message, hint }): Diagnostic => {
    const location = at === 'key' ? locateKey(applied.position, path) : locateValue(applied.position, path);
    return {
      severity: 'error',
      code,
      path: pathText(path),
      message: message.replace('the pipeline', 'the file'),
      hint,
      location,
    };
  });
  const all = [...composed.diagnostics, ...applied.diagnostics, ...problems.map(onlyExecutor)];
  if (all.length > 0) return { executor: undefined, diagnostics: inReadingOrder(all) };
  return { executor: (applied.data as Pick<Pipeline, 'executor'>).executor, diagnostics: [] };
}

const SCHEMA: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: { executor: pipelineSchema.properties!.executor! },
};

/** Of a run only where it runs can still be changed. */
function onlyExecutor(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.code !== 'UNKNOWN_KEY' || !diagnostic.location.file.startsWith(OVERRIDE_PREFIX)) return diagnostic;
  if (diagnostic.path.includes('.')) return diagnostic;
  const hint = 'a run keeps its plan; start another run to change more';
  return { ...diagnostic, message: `expected a setting of \`executor\`, found \`${diagnostic.path}\``, hint };
}
