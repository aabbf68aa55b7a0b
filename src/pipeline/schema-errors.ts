import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { pipelineSchema, type Schema } from './schema.js';

/** Every error of `value` under `schema` (the pipeline's, or a part of it), as ajv tells them. */
export function schemaErrors(value: unknown, schema: Schema): readonly ErrorObject[] {
  const validate = validator(schema);
  return validate(value) ? NO_ERRORS : (validate.errors ?? []);
}

const NO_ERRORS: readonly ErrorObject[] = [];

/** Why a regular expression is refused, or null: JavaScript's syntax with the u flag. */
export function regexProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: (\/.*\/u?: )?/s, '');
  }
}

let ajv: Ajv2020 | undefined;
const compiled = new WeakMap<Schema, ValidateFunction>();

/** Compiled on first use: planning and `--help` of other commands should not pay for it. */
function validator(schema: Schema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  ajv ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictRequired: false,
    // Compiling is the longest part of the start of every command. The schema is ours and tested against its
    // meta-schema, most of it is evaluated once, and parts that are referred to are compiled once, not wherever they are.
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
    formats: { regex: (pattern: string) => regexProblem(pattern) === null },
  });
  const validate = ajv.compile(schema === pipelineSchema ? schema : { ...schema, $defs: pipelineSchema.$defs });
  compiled.set(schema, validate);
  return validate;
}
