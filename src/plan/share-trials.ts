import type { Arm, Plan, Trial } from './plan.js';

/** An arm with the trials that it asks for, in the order of its seeds. */
export interface ArmTrials {
  readonly arm: Omit<Arm, 'trial_ids'>;
  readonly trials: readonly Trial[];
}

/** Equal hashes are one trial, the first arm's, which every arm that asks for it lists. */
export function shareTrials(arms: readonly ArmTrials[]): Pick<Plan, 'arms' | 'trials'> {
  const sharer = trialSharer();
  return { arms: arms.map((arm) => sharer.add(arm)), trials: sharer.trials() };
}

/** Shares the trials of arms that are added one after another. */
export interface TrialSharer {
  /** The arm with the ids of its trials. */
  add(arm: ArmTrials): Arm;
  /** The trials of all arms. */
  trials(): readonly Trial[];
}

export function trialSharer(): TrialSharer {
  const byHash = new Map<string, Trial>();
  const idOf = (trial: Trial): string => {
    const known = byHash.get(trial.hash);
    if (known !== undefined) return known.id;
    byHash.set(trial.hash, trial);
    return trial.id;
  };
  return {
    // Member by member: V8 gives each copy with one member more a hidden class of its own, larger than the arm.
    add: ({ arm: { id, label, settings }, trials }) => ({ id, label, settings, trial_ids: trials.map(idOf) }),
    trials: () => [...byHash.values()],
  };
}

/** Each arm of a plan with its trials, shared ones included. */
export function* armTrials({ arms, trials }: Pick<Plan, 'arms' | 'trials'>): Generator<ArmTrials> {
  const own = new Map<string, Trial[]>();
  if (arms.some(({ trial_ids }) => trial_ids === undefined)) {
    for (const trial of trials) {
      const listed = own.get(trial.arm);
      if (listed === undefined) own.set(trial.arm, [trial]);
      else listed.push(trial);
    }
  }
  const find = trialFinder(trials);
  for (const arm of arms) {
    if (arm.trial_ids === undefined) {
      yield { arm, trials: own.get(arm.id) ?? [] };
      continue;
    }
    const listed: Trial[] = [];
    for (const id of arm.trial_ids) {
      const trial = find(id);
      if (trial !== undefined) listed.push(trial);
    }
    yield { arm, trials: listed };
  }
}

/** Finds trials by their ids, asked for mostly in their order: only a shared one must be looked for. */
function trialFinder(trials: readonly Trial[]): (id: string) => Trial | undefined {
  let next = 0;
  let byId: Map<string, Trial> | null = null;
  return (id) => {
    if (trials[next]?.id === id) return trials[next++];
    byId ??= new Map(trials.map((trial) => [trial.id, trial]));
    return byId.get(id);
  };
}
