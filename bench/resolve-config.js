import { readPipeline } from '../dist/pipeline/read-pipeline.js';
import { createPlan } from '../dist/plan/create-plan.js';

/** The resolved configuration of a pipeline's only trial, exactly as a run would plan it. */
export function resolveConfig(pipeline) {
  const plan = createPlan(readPipeline({ file: 'bench', text: JSON.stringify(pipeline) }));
  return plan.trials[0].config;
}
