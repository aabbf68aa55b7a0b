import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/cli/terminal/display-width.js';
import { frame } from '../../../src/cli/terminal/frame.js';
import { initialState, nextState, type ViewState } from '../../../src/cli/terminal/view-state.js';
import type { RunEvent } from '../../../src/run/run-events.js';
import { epochEvent, finishedEvent, noTally, progressEvent, startedEvent } from './sample-events.js';

const runStarted: RunEvent = {
  event: 'run-started',
  run: 'r',
  folder: 'runs/r',
  executor: 'local',
  jobs: 2,
  trials: 6,
  to_run: 6,
  tally: { ...noTally, pending: 6 },
};

/** The state after events, each at its second. */
function stateAfter(...events: readonly (readonly [second: number, event: RunEvent])[]): ViewState {
  let state = nextState(initialState(0), runStarted, 0);
  for (const [second, event] of events) state = nextState(state, event, second * 1000);
  return state;
}

const busy = stateAfter(
  [0, startedEvent('001-rnn-s0')],
  [0, startedEvent('002-lstm-s0')],
  [40, finishedEvent('001-rnn-s0', 'complete', 40)],
  [41, startedEvent('003-gru-s0')],
  [50, progressEvent('002-lstm-s0', { epoch: 2, batch: 120, eta_seconds: 12 })],
  [51, progressEvent('003-gru-s0', { epoch: 1, batch: 7, batches_per_second: 152.4, eta_seconds: 75, accuracy: 0.5 })],
);

test('a wide terminal shows every figure in columns', () => {
  expect(frame(busy, { width: 120, height: 24 }, 65_000)).toEqual([
    '002-lstm-s0  epoch 2/5  ████░░░░░░  120/313  loss 0.4312  accuracy 0.8123  37.4 batches/s  ETA 12 s',
    '003-gru-s0   epoch 1/5  ░░░░░░░░░░    7/313  loss 0.4312  accuracy 0.5000   152 batches/s  ETA 1 min 15 s',
    'best so far: test.accuracy 0.8613 (001-rnn-s0)',
    '1 done, 0 failed, 2 running, 3 left · elapsed 1 min 05 s · ETA 1 min 44 s',
  ]);
});

test('a narrow terminal drops the bar, then the rate', () => {
  expect(frame(busy, { width: 80, height: 24 }, 65_000)).toEqual([
    '002-lstm-s0  epoch 2/5  120/313  loss 0.4312  accuracy 0.8123  ETA 12 s',
    '003-gru-s0   epoch 1/5    7/313  loss 0.4312  accuracy 0.5000  ETA 1 min 15 s',
    'best so far: test.accuracy 0.8613 (001-rnn-s0)',
    '1 done, 0 failed, 2 running, 3 left · elapsed 1 min 05 s · ETA 1 min 44 s',
  ]);
});

test('no line is wider than the terminal, whatever its width and however long or wide the ids', () => {
  const state = stateAfter(
    [0, startedEvent('001-情感分析-双向长短期记忆网络-s0')],
    [0, startedEvent(`002-${'x'.repeat(300)}-s0`)],
    [1, progressEvent('001-情感分析-双向长短期记忆网络-s0', {})],
  );
  for (let width = 1; width <= 140; width++) {
    for (const line of frame(state, { width, height: 24 }, 5000)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  }
  expect(frame(state, { width: 60, height: 24 }, 5000)).toEqual([
    '001-情感分析-双向长短期记…  epoch 2/5  loss 0.4312  ETA 12 s',
    '002-xxxxxxxxxxxxxxxxxxxxx…  starting',
    '0 done, 0 failed, 2 running, 4 left · elapsed 5.0 s · ETA 4…',
  ]);
});

test('a trial that has ended epochs shows how its figure goes', () => {
  const epochs = [0.5, 0.5, 0.62, 0.75, 0.71, 0.9].map(
    (accuracy, at) => [at, epochEvent('a', at + 1, accuracy)] as const,
  );
  const state = stateAfter([0, startedEvent('a')], ...epochs, [7, progressEvent('a', {})]);
  expect(frame(state, { width: 120, height: 24 }, 7000)[0]).toBe(
    'a  epoch 2/5  ████░░░░░░  120/313  loss 0.4312  accuracy 0.8123  ▁▁▃▅▅█  37.4 batches/s  ETA 12 s',
  );
});

test('the best so far is the highest accuracy or the lowest perplexity', () => {
  const ended = (trial: string, test: object) =>
    ({ ...finishedEvent(trial, 'complete'), metrics: { test } }) as RunEvent;
  const best = (...events: readonly RunEvent[]) =>
    frame(stateAfter(...events.map((event, at) => [at, event] as const)), { width: 80, height: 24 }, 9000)[0];
  expect(best(ended('a', { loss: 1, accuracy: 0.5 }), ended('b', { loss: 2, accuracy: 0.7 }))).toBe(
    'best so far: test.accuracy 0.7000 (b)',
  );
  expect(best(ended('a', { loss: 1, perplexity: 3 }), ended('b', { loss: 2, perplexity: 9 }))).toBe(
    'best so far: test.perplexity 3.0000 (a)',
  );
});

test('a trial that does not train says what it does instead', () => {
  const state = stateAfter(
    [0, startedEvent('a')],
    [0, startedEvent('bb')],
    [0, startedEvent('c')],
    [1, { event: 'phase', trial: 'a', phase: 'data' }],
    [2, progressEvent('bb', {})],
    [3, { event: 'phase', trial: 'bb', phase: 'evaluate' }],
  );
  expect(frame(state, { width: 80, height: 24 }, 3000).slice(0, 3)).toEqual([
    'a   loading the data',
    'bb  epoch 2/5  evaluating',
    'c   starting',
  ]);
});

test('more trials than rows end in a count', () => {
  const started = Array.from({ length: 10 }, (_, at) => [0, startedEvent(`t${at}`)] as const);
  expect(frame(stateAfter(...started), { width: 80, height: 6 }, 0)).toEqual([
    't0  starting',
    't1  starting',
    't2  starting',
    '… and 7 more',
    '0 done, 0 failed, 10 running, 0 left · elapsed 0.0 s · ETA –',
  ]);
});

test('every kind of end is counted', () => {
  const state = stateAfter(
    [1, finishedEvent('a', 'failed')],
    [2, finishedEvent('b', 'killed')],
    [3, { event: 'stopping', level: 'stop', signal: 'SIGINT' }],
    [4, finishedEvent('c', 'cancelled')],
  );
  expect(frame(state, { width: 100, height: 24 }, 4000)).toEqual([
    'stopping (Ctrl-C again kills) · 0 done, 2 failed, 1 cancelled, 0 running, 3 left · elapsed 4.0 s · …',
  ]);
});

describe('the estimate of the whole', () => {
  const eta = (state: ViewState, second: number): string =>
    frame(state, { width: 200, height: 24 }, second * 1000)
      .at(-1)!
      .split('ETA ')[1]!;

  test('is unknown until a trial tells', () => {
    expect(eta(stateAfter([0, startedEvent('a')]), 5)).toBe('–');
  });

  test('takes the mean of the finished trials for those that are left, shared among the jobs', () => {
    const state = stateAfter([10, finishedEvent('a', 'complete', 10)], [30, finishedEvent('b', 'complete', 20)]);
    // Four left, 15 s each, two at once.
    expect(eta(state, 30)).toBe('30 s');
  });

  test('is never shorter than the longest running trial', () => {
    const state = stateAfter([0, startedEvent('a')], [1, progressEvent('a', { eta_seconds: 500 })]);
    expect(
      eta(
        stateAfter(
          [0, startedEvent('a')],
          [0, finishedEvent('b', 'complete', 1)],
          [1, progressEvent('a', { eta_seconds: 500 })],
        ),
        1,
      ),
    ).toBe('8 min 20 s');
    expect(eta(state, 1)).not.toBe('–');
  });
});

test('one who comes later sees since when, the best so far and figures of before', () => {
  const best = { trial: '001-rnn-s1', metric: 'test.accuracy', value: 0.9 };
  const run = {
    event: 'run-started',
    run: 'r',
    folder: 'runs/r',
    jobs: 2,
    executor: 'local',
    trials: 6,
    to_run: 6,
    tally: noTally,
  } as const;
  const began = '2026-11-22T09:30:00.000Z';
  const events: readonly RunEvent[] = [
    { ...run, best, since: began },
    { event: 'started', trial: '001-rnn-s0', pid: 1, attempt: 1, since: began },
    epochEvent('001-rnn-s0', 1, 0.5),
    epochEvent('001-rnn-s0', 2, 0.7),
    progressEvent('001-rnn-s0', {}),
  ];
  const later = Date.parse(began) + 60_000;
  const lines = frame(
    events.reduce((state, event) => nextState(state, event, later), initialState(later)),
    { width: 140, height: 24 },
    later,
  );
  expect(lines[0]).toContain('▁█');
  expect(lines[1]).toBe('best so far: test.accuracy 0.9000 (001-rnn-s1)');
  expect(lines[2]).toContain('elapsed 1 min 00 s');
});

test('a time that lies ahead, as of a clock that was set back, is not believed', () => {
  const now = Date.parse('2026-11-22T09:30:00.000Z');
  const event: RunEvent = { event: 'started', trial: 'a', pid: 1, attempt: 1, since: '2026-11-23T09:30:00.000Z' };
  expect(nextState(initialState(now), event, now).running.get('a')!.since).toBe(now);
});
