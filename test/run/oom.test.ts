import { expect, test } from 'vitest';
import { oomWitness } from '../../src/run/executors/oom-witness.js';
import { resultFromExit } from '../../src/run/result-from-exit.js';
import { sampleTrial } from './sample-run.js';

/** What is said of a trial whose worker ended so. */
function reason(exit: { readonly signal: string; readonly oom: boolean | null; readonly log?: string }): string {
  const ended = { code: null, spawnError: null, cause: null, log: '', ...exit };
  return resultFromExit(sampleTrial(0), ended, { seconds: 1, epochs: [] }).error!.message;
}

test('a trial that the kernel killed for want of memory says so; one that somebody else killed does not', () => {
  expect(reason({ signal: 'SIGKILL', oom: true })).toBe('killed (SIGKILL, out of memory)');
  expect(reason({ signal: 'SIGKILL', oom: false })).toBe('killed (SIGKILL)');
  expect(reason({ signal: 'SIGKILL', oom: null })).toBe('killed (SIGKILL, probably out of memory)');
  expect(reason({ signal: 'SIGTERM', oom: false })).toBe('killed (SIGTERM)');
  const log = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
  expect(reason({ signal: 'SIGABRT', oom: false, log })).toBe('killed (SIGABRT, out of memory)');
});

test('each kill of the kernel explains one death, and those of before explain none', () => {
  let kills: number | null = 7;
  const witness = oomWitness(() => kills);
  expect(witness.sawVictim()).toBe(false);
  kills = 9;
  expect([witness.sawVictim(), witness.sawVictim(), witness.sawVictim()]).toEqual([true, true, false]);
  kills = null;
  expect(witness.sawVictim()).toBe(null);
});
