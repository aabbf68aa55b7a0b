import { found } from './describe.js';
import type { Part } from './merge.js';
import { type FilePart, namedFile, type Reading, readPart, report } from './named-file.js';
import { nearest } from './nearest.js';
import type { Path } from './path.js';

type Mapping = { readonly [key: string]: unknown };

/** The block that `include[index]` of a file names, or null after a diagnostic. */
export function includedBlock(reading: Reading, own: FilePart, index: number): Part<Mapping> | null {
  const { file: name, block } = mapping((own.data.include as readonly unknown[])[index]) ?? {};
  // Anything else is refused by the schema.
  if (typeof name !== 'string' || typeof block !== 'string') return null;
  const file = namedFile(reading, own, { key: ['include', index, 'file'], name });
  const blocks = file === null ? null : readPart(reading, file);
  if (blocks === null) return null;
  const position = blocks.position.children.get(block);
  const key: Path = ['include', index, 'block'];
  if (position === undefined) {
    const names = Object.keys(blocks.data);
    const meant = nearest(block, names);
    const hint = meant === null ? `Blocks there: ${names.join(', ')}.` : `Did you mean \`${meant}\`?`;
    const message = `${reading.files.nameOf(blocks.path)} has no block \`${block}\``;
    report(reading, own, { key, code: 'UNKNOWN_BLOCK', message, hint });
    return null;
  }
  const data = mapping(blocks.data[block]);
  const refuse = (at: string, message: string): null => {
    report(reading, blocks, { key: at === '' ? [block] : [block, at], code: 'BAD_BLOCK', message, hint: null });
    return null;
  };
  if (data === null)
    return refuse('', `expected a mapping as the block \`${block}\`, found ${found(blocks.data[block])}`);
  const composing = ['extends', 'include'].find((name) => Object.hasOwn(data, name));
  if (composing !== undefined)
    return refuse(composing, `a block cannot use \`${composing}\`: only a pipeline file can`);
  return { data, position };
}

function mapping(value: unknown): Mapping | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Mapping) : null;
}
