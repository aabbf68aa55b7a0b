import { it } from 'vitest';
import { checkMutations } from './mutations.js';

it('two thousand mutated pipelines never crash, and every diagnostic has a place in a file', () => {
  checkMutations({ seed: 20261122, numRuns: 2000 });
});
