import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { createPlan } from '../../src/plan/create-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import type { TrialConfig } from '../../src/plan/trial-config.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';

/** The plan of the small valid pipeline with some sections replaced. */
export function planOf(sections: { readonly [section: string]: string | null } = {}): Plan {
  return createPlan(readPipeline({ file: 'p.yaml', text: validPipeline(sections) }));
}

/** The configuration of the first trial of that plan. */
export function configOf(sections: { readonly [section: string]: string | null } = {}): TrialConfig {
  return planOf(sections).trials[0]!.config;
}

/** Sections that make the small pipeline a language model. */
export const LANGUAGE_MODEL: { readonly [section: string]: string } = {
  task: 'task: language-model',
  data: `data:
  source: { file: book.txt }
  format: text
  tokens: characters
  split: { train: 0.9, validation: 0.1 }`,
  model: 'model:\n  cell: lstm\n  hidden: 16',
};
