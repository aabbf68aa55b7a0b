import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every module that loading a source file loads, directly or through others of ours; type imports load nothing. */
export function modulesOf(file: string): readonly string[] {
  const seen = new Set<string>();
  visit(file, seen);
  return [...seen].sort();
}

function visit(file: string, seen: Set<string>): void {
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, specifier = ''] of text.matchAll(
    /^(?:import|export) (?!type )(?:[^;'"]*? from )?['"]([^'"]+)['"]/gms,
  )) {
    const name = specifier.startsWith('.') ? join(dirname(file), specifier).replace(/\.js$/, '.ts') : specifier;
    if (seen.has(name)) continue;
    if (specifier.startsWith('.')) visit(name, seen);
    else seen.add(name);
  }
}
