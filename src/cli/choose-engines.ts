import { freezePlan } from '../plan/freeze-plan.js';
import type { Plan } from '../plan/plan.js';
import type { EngineConfig } from '../plan/trial-config.js';
import { chooseEngine, type EngineChoice, type EngineWish } from '../run/choose-engine.js';

export interface SettledPlan {
  readonly plan: Plan;
  /** Whether one of them calculates on a GPU. */
  readonly onGpu: boolean;
  /** Where the user's own tfjs-node lies, if one of them is that. */
  readonly tensorflowFolder: string | null;
  readonly warnings: readonly string[];
}

/** Settles once, before a run begins, which engine each of its trials uses. Throws an EngineError where none works. */
export async function chooseEngines(plan: Plan, wish: EngineWish = {}): Promise<SettledPlan> {
  const engines = distinctEngines(plan);
  const choices: EngineChoice[] = [];
  for (const engine of engines) choices.push(await chooseEngine(engine, wish));
  return settledPlan(plan, engines, choices);
}

/** The engines that a plan's trials ask for, each once. */
export function distinctEngines(plan: Plan): readonly EngineConfig[] {
  return [...new Map(plan.trials.map(({ config: { engine } }) => [keyOf(engine), engine])).values()];
}

/** The plan with each of these engines replaced by what was chosen for it. */
export function settledPlan(
  plan: Plan,
  engines: readonly EngineConfig[],
  chosen: readonly EngineChoice[],
): SettledPlan {
  const choices = new Map(engines.map((engine, n) => [keyOf(engine), chosen[n]!]));
  return {
    plan: freezePlan(plan, { engine: (engine) => choices.get(keyOf(engine))!.engine }),
    tensorflowFolder: [...choices.values()].find(({ folder }) => folder !== undefined)?.folder ?? null,
    onGpu: [...choices.values()].some(({ gpu }) => gpu === true),
    warnings: [...choices.values()].flatMap(({ warnings }) => warnings),
  };
}

function keyOf({ name, device, variant }: EngineConfig): string {
  return `${name} ${device} ${variant}`;
}
