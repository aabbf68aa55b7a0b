import { RunError } from '../errors.js';
import { nearest } from '../pipeline/nearest.js';
import type { Trial } from '../plan/plan.js';

/** The trial of that id, or the only one that begins so. Throws a RunError with the nearest id. */
export function findTrial(reference: string, trials: readonly Trial[], run: string): Trial {
  const exact = trials.find(({ id }) => id === reference);
  if (exact !== undefined) return exact;
  const begun = reference === '' ? [] : trials.filter(({ id }) => id.startsWith(reference));
  if (begun.length === 1) return begun[0]!;
  if (begun.length > 1) {
    throw new RunError(`${JSON.stringify(reference)} begins ${begun.length} trials of ${run}`, {
      code: 'TRIAL_AMBIGUOUS',
      hint: `give more of the id: ${begun
        .slice(0, 3)
        .map(({ id }) => id)
        .join(', ')}${begun.length > 3 ? ', …' : ''}`,
    });
  }
  const near = nearest(
    reference,
    trials.map(({ id }) => id),
  );
  throw new RunError(`expected a trial of ${run}, found none that is called ${JSON.stringify(reference)}`, {
    code: 'TRIAL_MISSING',
    hint: near === null ? `the first is ${trials[0]?.id}` : `did you mean ${near}?`,
  });
}
