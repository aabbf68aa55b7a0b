import module from 'node:module';
import { join } from 'node:path';
import { defaultCacheDirectory } from '../data/cache-folder.js';

/**
 * Keeps the compiled code of what this process loads from now on, for the processes of later trials: where Node can
 * (from 22.1 on), it saves each of them a fifth of their start. A cache that cannot be written is done without.
 */
export async function keepCompiledCode(): Promise<void> {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined) return;
  enableCompileCache(join(await defaultCacheDirectory(), 'compiled'));
}
