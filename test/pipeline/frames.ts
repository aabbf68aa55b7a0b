import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnosticsText } from '../../src/cli/error-text.js';
import type { Diagnostic } from '../../src/pipeline/diagnostic.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { planPipeline } from '../../src/plan/create-plan.js';

/** What a user reads about a pipeline: every diagnostic as it is printed, without colours; the file is `p.yaml`. */
export function framesOf(text: string, overrides: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-frames-'));
  const file = join(folder, 'p.yaml');
  try {
    writeFileSync(file, text);
    const { diagnostics } = planPipeline(readPipeline({ file, text, overrides }));
    return diagnosticsText(diagnostics, { stream: {} }).replaceAll(`${folder}/`, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The diagnostics of a pipeline, read and planned. */
export function diagnosticsOf(text: string, overrides: readonly string[] = []): readonly Diagnostic[] {
  return planPipeline(readPipeline({ file: 'p.yaml', text, overrides })).diagnostics;
}

/** `CODE path` of every diagnostic. */
export function codesOf(text: string, overrides: readonly string[] = []): readonly string[] {
  return diagnosticsOf(text, overrides).map(({ code, path }) => `${code} ${path}`);
}
