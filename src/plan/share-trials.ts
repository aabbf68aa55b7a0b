import type { Arm, Plan, Trial } from './plan.js';

/** An arm with the trials that it asks for, in the order of its seeds. */
export interface ArmTrials {
  readonly arm: Omit<Arm, 'trial_ids'>;
  readonly trials: readonly Trial[];
}

/** Equal hashes are one trial, the first arm's, which every arm that asks for it lists. */
export function shareTrials(arms: readonly ArmTrials[]): Pick<Plan, 'arms' | 'trials'> {
  const byHash = new Map<string, Trial>();
  const shared = arms.map(({ arm, trials }) => ({
    ...arm,
    trial_ids: trials.map((trial) => {
      const known = byHash.get(trial.hash);
      if (known !== undefined) return known.id;
      byHash.set(trial.hash, trial);
      return trial.id;
    }),
  }));
  return { arms: shared, trials: [...byHash.values()] };
}

/** Each arm of a plan with its trials, shared ones included. */
export function armTrials({ arms, trials }: Pick<Plan, 'arms' | 'trials'>): readonly ArmTrials[] {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const own = new Map<string, Trial[]>();
  for (const trial of trials) {
    const listed = own.get(trial.arm);
    if (listed === undefined) own.set(trial.arm, [trial]);
    else listed.push(trial);
  }
  return arms.map((arm) => ({
    arm,
    trials: arm.trial_ids?.flatMap((id) => byId.get(id) ?? []) ?? own.get(arm.id) ?? [],
  }));
}
