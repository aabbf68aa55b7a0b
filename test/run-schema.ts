import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const FILE = new URL('../schemas/run.schema.json', import.meta.url);

/** schemas/run.schema.json, as it is. */
export const runSchema = JSON.parse(readFileSync(FILE, 'utf8'));

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
ajv.addSchema(runSchema);

function validatorOf(definition: string): ValidateFunction {
  const pointer = definition === 'report' ? '' : `#/$defs/${definition}`;
  return ajv.getSchema(`https://sweepline.dev/schemas/run.schema.json${pointer}`)!;
}

/** What the schema holds against a document, as it would stand in a file; none where it is as a definition says. */
export function errorsOf(definition: string, document: unknown): readonly string[] {
  const validate = validatorOf(definition);
  validate(JSON.parse(JSON.stringify(document)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
