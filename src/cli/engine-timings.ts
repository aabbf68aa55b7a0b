import { planPipeline, RefusedPlanError } from '../plan/create-plan.js';
import type { EngineConfig, TrialConfig } from '../plan/trial-config.js';
import { type StepTiming, timeEngine } from '../run/time-engine.js';
import { trialCost } from '../run/trial-cost.js';
import { readPipelineFile } from './pipeline-file.js';

export interface EngineTiming {
  readonly engine: string;
  readonly timing: StepTiming;
}

/** The arm of a pipeline that computes most, and its configuration. */
export function heaviestArm(file: string): { readonly label: string; readonly config: TrialConfig } {
  const { plan, diagnostics } = planPipeline(readPipelineFile(file, []), { large: true });
  if (plan === null) throw new RefusedPlanError(file, diagnostics);
  const trial = plan.trials.reduce((a, b) => (trialCost(b.config) > trialCost(a.config) ? b : a));
  const arm = plan.arms.find(({ id }) => id === trial.arm)!;
  return { label: arm.label, config: trial.config };
}

/** Times training steps on the engine of a label such as `native (avx2)`. */
export async function timeOn(engine: string, config: TrialConfig): Promise<EngineTiming> {
  return { engine, timing: await timeEngine({ config: { ...config, engine: engineConfig(engine) } }) };
}

/** `native (avx2)` is the variant avx2 of the engine native. */
function engineConfig(label: string): EngineConfig {
  const [, name, variant] = /^(\w+)(?: \((\w+)\))?$/.exec(label)!;
  return {
    name: name as EngineConfig['name'],
    device: 'any',
    variant: name === 'native' || name === 'wasm' ? ((variant as EngineConfig['variant'] | undefined) ?? null) : null,
  };
}
