import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { longTimer } from '../src/long-timer.js';
import { limitedSignal } from '../src/trial/limited-signal.js';

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([0.01, 1, 24, 25, 30, 60, 1000])('a timer of %d days expires then, and neither before nor twice', (days) => {
  let expired = 0;
  longTimer(days * DAY_MS, () => expired++);
  vi.advanceTimersByTime(days * DAY_MS - 1);
  expect(expired).toBe(0);
  vi.advanceTimersByTime(1);
  expect(expired).toBe(1);
  vi.advanceTimersByTime(DAY_MS * 100);
  expect(expired).toBe(1);
});

it('a timer that is cleared does not expire, in whichever of its pieces that is', () => {
  for (const after of [1, 40]) {
    const timer = longTimer(60 * DAY_MS, () => expect.unreachable());
    vi.advanceTimersByTime(after * DAY_MS);
    timer.clear();
    vi.advanceTimersByTime(100 * DAY_MS);
  }
  expect(vi.getTimerCount()).toBe(0);
});

it('a timer whose time is over expires at once', () => {
  let expired = false;
  longTimer(-5, () => {
    expired = true;
  });
  vi.advanceTimersByTime(1);
  expect(expired).toBe(true);
});

it('a signal with a limit of a month is not aborted before', () => {
  const limited = limitedSignal(new AbortController().signal, 30 * DAY_MS);
  vi.advanceTimersByTime(30 * DAY_MS - 1);
  expect(limited.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(limited.signal.aborted).toBe(true);
});
