import { freezePlan } from '../plan/freeze-plan.js';
import type { Plan } from '../plan/plan.js';
import type { EngineConfig } from '../plan/trial-config.js';
import { chooseEngine, type EngineChoice, type EngineWish } from '../run/choose-engine.js';

export interface SettledPlan {
  readonly plan: Plan;
  /** Whether one of them calculates on a GPU. */
  readonly onGpu: boolean;
  readonly warnings: readonly string[];
}

/** Settles once, before a run begins, which engine each of its trials uses. Throws an EngineError where none works. */
export async function chooseEngines(plan: Plan, wish: EngineWish = {}): Promise<SettledPlan> {
  const choices = new Map<string, EngineChoice>();
  for (const { config } of plan.trials) {
    const key = keyOf(config.engine);
    if (!choices.has(key)) choices.set(key, await chooseEngine(config.engine, wish));
  }
  return {
    plan: freezePlan(plan, { engine: (engine) => choices.get(keyOf(engine))!.engine }),
    onGpu: [...choices.values()].some(({ gpu }) => gpu === true),
    warnings: [...choices.values()].flatMap(({ warnings }) => warnings),
  };
}

function keyOf({ name, device, variant }: EngineConfig): string {
  return `${name} ${device} ${variant}`;
}
