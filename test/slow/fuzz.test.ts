import { it } from 'vitest';
import { checkMutations } from '../pipeline/mutations.js';

it('twenty thousand mutated pipelines never crash, and every diagnostic has a place in a file', () => {
  checkMutations({ seed: 1, numRuns: 20_000 });
});
