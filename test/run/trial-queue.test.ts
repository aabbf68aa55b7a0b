import { expect, test } from 'vitest';
import type { Trial } from '../../src/plan/plan.js';
import { trialQueue } from '../../src/run/trial-queue.js';

const COST: { readonly [arm: string]: number } = { rnn: 1, lstm: 4, gru: 3 };

function trials(...arms: readonly string[]): readonly Trial[] {
  return arms.map((arm, n) => ({ id: `${arm}-${n}`, arm, seed: n, hash: '', config: {} as Trial['config'] }));
}

function order(queue: ReturnType<typeof trialQueue>): readonly string[] {
  const taken: string[] = [];
  for (let trial = queue.take(() => true); trial !== null; trial = queue.take(() => true)) taken.push(trial.id);
  return taken;
}

const cost = ({ arm }: Trial): number => COST[arm]!;

test('the longest go first, equals in the order of the plan', () => {
  const queue = trialQueue({ trials: trials('rnn', 'lstm', 'gru', 'lstm'), cost, longestFirst: true });
  expect(order(queue)).toEqual(['lstm-1', 'lstm-3', 'gru-2', 'rnn-0']);
});

test('what an arm took before counts more than what it was thought to cost', () => {
  const all = trials('rnn', 'rnn', 'lstm', 'lstm', 'gru');
  const queue = trialQueue({ trials: all, cost, longestFirst: true });
  queue.learn(all[0]!, 100);
  queue.learn(all[2]!, 20);
  // gru: 3 of 5 units that took 120 s.
  expect(order(queue)).toEqual(['rnn-0', 'rnn-1', 'gru-4', 'lstm-2', 'lstm-3']);
});

test('where one runs at a time the plan says the order', () => {
  const queue = trialQueue({ trials: trials('rnn', 'lstm', 'gru'), cost, longestFirst: false });
  expect(order(queue)).toEqual(['rnn-0', 'lstm-1', 'gru-2']);
});

test('what does not fit waits, and what is taken out does not come back', () => {
  const queue = trialQueue({ trials: trials('rnn', 'lstm', 'gru'), cost, longestFirst: true });
  expect(queue.take(({ arm }) => arm !== 'lstm')?.id).toBe('gru-2');
  expect(queue.remove('lstm-1')?.id).toBe('lstm-1');
  expect(queue.remove('lstm-1')).toBeNull();
  expect(queue.size).toBe(1);
  expect(queue.clear().map(({ id }) => id)).toEqual(['rnn-0']);
});
