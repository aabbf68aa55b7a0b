// Fills in the generated part of schemas/pipeline.schema.json (scripts/setting-paths.js), the single source of truth, and
// writes src/pipeline/pipeline-types.ts from it. `--print` prints the types instead, `--print-schema` the schema (the
// drift tests read them).
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { withSettingPaths } from './setting-paths.js';

const schemaFile = new URL('../schemas/pipeline.schema.json', import.meta.url);
const typesFile = new URL('../src/pipeline/pipeline-types.ts', import.meta.url);

const schemaText = withSettingPaths(await readFile(schemaFile, 'utf8'));
const schema = JSON.parse(schemaText);
const generated = await compile(simplified(schema), 'Pipeline', {
  additionalProperties: false,
  bannerComment:
    '/* Generated from schemas/pipeline.schema.json by scripts/generate-types.js (`npm run types`). Do not edit. */',
  ignoreMinAndMaxItems: true,
  style: { singleQuote: true, printWidth: 120 },
});
const text = generated
  .replaceAll(/^(\s+)((?:[\w$]+|'[^']+'|\[k: string\])\??:)(?=\s)/gm, '$1readonly $2')
  .replaceAll(/^export (?=interface|type)(?!interface Pipeline )/gm, '');

if (process.argv.includes('--print')) process.stdout.write(text);
else if (process.argv.includes('--print-schema')) process.stdout.write(schemaText);
else {
  await writeFile(schemaFile, schemaText);
  await writeFile(typesFile, text);
  console.log(`wrote ${fileURLToPath(typesFile)}`);
}

/** Drops what would only make type names (titles of single keys) or types that say no more (required-only choices). */
function simplified(node) {
  if (Array.isArray(node)) return node.map(simplified);
  if (node === null || typeof node !== 'object') return node;
  if ('$ref' in node) return { $ref: node.$ref };
  const kept = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties' || key === '$defs') {
      const written = Object.entries(value).filter(([, child]) => child.$comment === undefined);
      kept[key] = Object.fromEntries(written.map(([name, child]) => [name, simplified(child)]));
    } else if (key === 'default' || key === 'examples' || key === 'enum' || key === 'const') kept[key] = value;
    else if (
      key === 'title' ||
      key === '$id' ||
      key === 'allOf' ||
      key === 'examples' ||
      (key === 'anyOf' && value.every((choice) => 'required' in choice && !choice.type))
    )
      continue;
    else kept[key] = simplified(value);
  }
  return kept;
}
