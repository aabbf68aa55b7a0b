import { Writable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { lastingLines, noPaint, plainLines } from '../../../src/cli/terminal/event-lines.js';
import { duration } from '../../../src/cli/terminal/figures.js';
import { liveView } from '../../../src/cli/terminal/live-view.js';
import { jsonView, plainView } from '../../../src/cli/terminal/run-view.js';
import type { RunEvent } from '../../../src/run/run-events.js';
import { finishedEvent, noTally, progressEvent, startedEvent } from './sample-events.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

class Screen extends Writable {
  readonly isTTY = true;
  readonly columns = 100;
  readonly rows = 24;
  text = '';
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}

const story: readonly RunEvent[] = [
  {
    event: 'run-started',
    run: '20261122-093000-sample-3f9c',
    folder: 'runs/20261122-093000-sample-3f9c',
    executor: 'local',
    jobs: 2,
    trials: 4,
    to_run: 3,
    tally: { ...noTally, complete: 1, pending: 3 },
  },
  startedEvent('001-lstm-s0'),
  startedEvent('002-gru-s0', 2),
  { event: 'phase', trial: '001-lstm-s0', phase: 'train' },
  progressEvent('001-lstm-s0', {}),
  { event: 'warning', trial: '002-gru-s0', message: 'slow\u001b[2J disk' },
  {
    event: 'epoch',
    trial: '001-lstm-s0',
    epochs: 5,
    record: {
      epoch: 1,
      train: { loss: 0.69124, accuracy: 0.5 },
      test: { loss: 0.5, accuracy: 0.75 },
      lr: 0.001,
      train_seconds: 11.2,
      evaluate_seconds: 1.3,
      batches: 313,
      batches_per_second: 28,
      tokens_per_second: 1,
    },
  },
  finishedEvent('001-lstm-s0', 'complete'),
  {
    ...finishedEvent('002-gru-s0', 'failed', 3),
    error: { code: 'WORKER_CRASHED', message: 'the worker crashed with exit code 3:\nError: it\tbroke\nat home' },
  } as RunEvent,
  { event: 'stopping', level: 'stop', signal: 'SIGINT' },
  finishedEvent('003-rnn-s0', 'cancelled', 1.25),
  {
    event: 'run-finished',
    state: 'interrupted',
    seconds: 187,
    tally: { ...noTally, complete: 2, failed: 1, cancelled: 1 },
  },
];

test('plain lines tell starts, epochs and ends without control characters', () => {
  const screen = new Screen();
  const view = plainView(screen);
  for (const event of story) view.show(event);
  view.close();
  expect(screen.text).toBe(`run 20261122-093000-sample-3f9c: 3 of 4 trials to run, 2 at once
  001-lstm-s0 started
  002-gru-s0 started (attempt 2)
! 002-gru-s0 slow [2J disk
  001-lstm-s0 epoch 1/5 train.loss 0.6912 train.accuracy 0.5000 test.loss 0.5000 test.accuracy 0.7500 in 13 s
✓ 001-lstm-s0 test.accuracy 0.8613 in 42 s
✗ 002-gru-s0 failed after 3.0 s: the worker crashed with exit code 3:
    Error: it broke
    at home
    log: runs/r/trials/002-gru-s0/log.txt
stopping: the running trials end first; Ctrl-C again kills them
– 003-rnn-s0 cancelled after 1.3 s
2 complete, 1 failed, 1 cancelled in 3 min 07 s
`);
});

test('what stays of a live view is the same without starts and epochs', () => {
  const lasting = story.flatMap((event) => lastingLines(event));
  const plain = story.flatMap((event) => plainLines(event));
  expect(plain.filter((line) => !/^ {2}\S/.test(line))).toEqual(lasting);
});

test('the JSON view writes one event a line, with its time', () => {
  const screen = new Screen();
  const view = jsonView(screen);
  for (const event of story) view.show(event);
  view.close();
  const lines = screen.text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(story.map(({ event }) => event));
  expect(JSON.parse(lines[0]!).time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('a live view has colours on a terminal, and none where NO_COLOR is set', () => {
  for (const [value, green] of [
    ['', '\u001b[32m✓\u001b[39m'],
    ['1', '✓'],
  ] as const) {
    vi.stubEnv('NO_COLOR', value);
    const screen = new Screen();
    const view = liveView(screen);
    view.show(finishedEvent('001-lstm-s0', 'complete'));
    view.close();
    expect(screen.text).toContain(`${green} 001-lstm-s0 test.accuracy`);
  }
});

test('a live view draws at most ten times a second and leaves only what stays', () => {
  vi.useFakeTimers({ now: 0 });
  const screen = new Screen();
  const view = liveView(screen, noPaint);
  view.show(story[0]!);
  view.show(startedEvent('001-lstm-s0'));
  vi.advanceTimersByTime(0);
  expect(screen.take()).toContain('001-lstm-s0  starting\n1 done, 0 failed, 1 running, 2 left');
  for (let batch = 0; batch < 99; batch++) {
    view.show(progressEvent('001-lstm-s0', { batch }));
    vi.advanceTimersByTime(1);
  }
  expect(screen.take()).toBe('');
  vi.advanceTimersByTime(1);
  expect(screen.take()).toContain(' 98/313');
  view.show(finishedEvent('001-lstm-s0', 'complete'));
  view.close();
  expect(screen.take()).toMatch(/✓ 001-lstm-s0 test\.accuracy 0\.8613 in 42 s\n(?!.*running)/);
});

test('a live view draws nothing after its end, however its timers fell', () => {
  vi.useFakeTimers({ now: 0 });
  const screen = new Screen();
  const view = liveView(screen, noPaint);
  for (let ms = 0; ms < 3000; ms += 30) {
    view.show(progressEvent('001-lstm-s0', {}));
    vi.advanceTimersByTime(30);
  }
  view.close();
  screen.take();
  vi.advanceTimersByTime(5000);
  expect(screen.take()).toBe('');
});

test('durations are short at every size', () => {
  expect([0, 0.44, 9.94, 9.96, 59.4, 59.6, 3599, 3600, 7620, 360_000, Number.NaN, null].map(duration)).toEqual([
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 00 s',
    '59 min 59 s',
    '1 h 00 min',
    '2 h 07 min',
    '100 h 00 min',
    '–',
    '–',
  ]);
});
