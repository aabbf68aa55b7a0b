import type { Labels } from '../labels.js';
import { escapeInline } from './escape.js';

/** An engine as the data names it (`native (avx2), 1 thread`), its threads in the report's language. */
export function engineName(engine: string, label: Labels): string {
  return escapeInline(engine).replace(/, (\d+) threads?(?=,|$)/, (_, threads: string) =>
    label('engine.threads', { threads: Number(threads) }),
  );
}
