import { compose } from './compose.js';
import type { Diagnostic } from './diagnostic.js';
import { unknownPathHint } from './key-hints.js';
import { parseYaml } from './parse-yaml.js';
import type { Position } from './positions.js';
import { pipelineSchema, schemasAt } from './schema.js';
import { compatibleKeys, setSetting, settingKeys } from './settings.js';
import { locationOf, type SourceText, type Span, sourceText } from './source-text.js';

/** How an override is named where a file is named in messages. */
export const OVERRIDE_PREFIX = '--set ';

/** Whether a place in this file is one in an override. */
export function isOverride(file: string): boolean {
  return file.startsWith(OVERRIDE_PREFIX);
}

/** Whether an override set or removed anything of a pipeline. */
export function overridden({ value, children, removed }: Position): boolean {
  if (isOverride(value.source.file)) return true;
  return [...children.values(), ...(removed?.values() ?? [])].some(overridden);
}

interface Pipeline {
  readonly data: unknown;
  readonly position: Position;
}

export interface Overridden extends Pipeline {
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Applies `path=value` settings in order; the value is read as YAML, and null removes the key. Errors are located in
 * the override itself, and so is everything that later turns out to be wrong with its value.
 */
export function applyOverrides(pipeline: Pipeline, overrides: readonly string[]): Overridden {
  const diagnostics: Diagnostic[] = [];
  let { data, position } = pipeline;
  for (const override of overrides) {
    const applied = apply({ data, position }, sourceText(OVERRIDE_PREFIX + override, OVERRIDE_PREFIX + override));
    diagnostics.push(...applied.diagnostics);
    ({ data, position } = applied);
  }
  return { data, position, diagnostics };
}

function apply(pipeline: Pipeline, source: SourceText): Overridden {
  const start = OVERRIDE_PREFIX.length;
  const equals = source.text.indexOf('=', start);
  const key: Span = { source, start, end: equals === -1 ? source.text.length : equals };
  const path = source.text.slice(key.start, key.end).trim();
  const refuse = (code: string, message: string, hint: string | null): Overridden => ({
    ...pipeline,
    diagnostics: [{ severity: 'error', code, path, message, hint, location: locationOf(key) }],
  });
  if (equals === -1 || source.text.slice(equals + 1).trim() === '') {
    return refuse(
      'BAD_OVERRIDE',
      'expected path=value',
      'For example `--set train.epochs=2`; `path=null` removes a key.',
    );
  }
  const keys = settingKeys(path);
  if (keys[0] === 'extends' || keys[0] === 'include') {
    const message = `\`${keys[0]}\` cannot be set on the command line: files are put together before \`--set\` is applied`;
    return refuse('BAD_OVERRIDE', message, `Write \`${keys[0]}\` in the pipeline file.`);
  }
  if (schemasAt(pipelineSchema, keys).length === 0 && !isOpen(keys)) {
    return refuse('UNKNOWN_KEY', `unknown key \`${path}\``, unknownPathHint(path));
  }
  const { document, diagnostics } = parseYaml(source, equals + 1);
  if (document === null) return { ...pipeline, diagnostics };
  const composed = compose(document, source, equals + 1);
  const value = { ...composed.position, key };
  return {
    data: setSetting(pipeline.data, keys, composed.data),
    position:
      composed.data === null
        ? withRemoval(pipeline.position, keys, value)
        : setPosition(pipeline.position, keys, { value, prefix: [] }),
    diagnostics: composed.diagnostics,
  };
}

/** Whether the mapping that the key stands in takes any key (settings of a variant). */
function isOpen(keys: readonly string[]): boolean {
  return schemasAt(pipelineSchema, keys.slice(0, -1)).some(({ additionalProperties }) => additionalProperties === true);
}

/** The positions with the place where a key was removed, as far as its parents are written. */
function withRemoval(position: Position, [key, ...rest]: readonly string[], value: Position): Position {
  if (key === undefined) return position;
  if (rest.length === 0) return { ...position, removed: new Map([...(position.removed ?? []), [key, value]]) };
  const child = position.children.get(key);
  if (child === undefined) return position;
  return { ...position, children: new Map([...position.children, [key, withRemoval(child, rest, value)]]) };
}

function setPosition(
  position: Position,
  keys: readonly string[],
  { value, prefix }: { readonly value: Position; readonly prefix: readonly string[] },
): Position {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const kept = new Set(compatibleKeys([...position.children.keys()], prefix, key));
  const children = new Map([...position.children].filter(([name]) => kept.has(name)));
  const child = children.get(key) ?? { value: value.value, key: value.key, children: new Map() };
  children.set(key, setPosition(child, rest, { value, prefix: [...prefix, key] }));
  return { ...position, children };
}
