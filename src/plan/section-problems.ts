import { explain } from '../pipeline/explain.js';
import type { Problem } from '../pipeline/problem.js';
import { pipelineSchema, schemasAt } from '../pipeline/schema.js';
import { unsupportedSection } from './supported.js';

/** Something that the schema, or what is there yet, refuses in a section. */
export interface SectionProblem extends Problem {
  readonly severity: 'error';
}

/** What is refused in a top-level section as it is written after the sweep's settings. */
export function sectionProblems(name: string, written: unknown): readonly SectionProblem[] {
  const [schema, ...more] = schemasAt(pipelineSchema, [name]);
  const whole = more.length === 0 ? schema! : pipelineSchema.properties![name]!;
  const refused = written === undefined ? [] : explain(written, whole, [name]);
  const missing = unsupportedSection(name, written);
  if (refused.length === 0 && missing.length === 0) return NONE;
  return [
    ...refused.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...missing.map((problem) => ({ ...problem, severity: 'error' as const, code: 'NOT_SUPPORTED', hint: null })),
  ];
}

/** One for all: there may be a hundred thousand sections. */
const NONE: readonly SectionProblem[] = [];
