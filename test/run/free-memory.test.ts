import { expect, test } from 'vitest';
import { memoryLook } from '../../src/run/free-memory.js';

/** A machine whose memory the test sets. */
function machine() {
  const state = { now: 0, available: 1000, resident: new Map<number, number>(), looks: 0 };
  const look = memoryLook(() => state.now, {
    available() {
      state.looks++;
      return state.available;
    },
    residentOf: (pid) => state.resident.get(pid) ?? 0,
  });
  return { state, look };
}

test('what running trials have yet to take is not free', () => {
  const { state, look } = machine();
  state.resident.set(7, 100);
  expect(look.free([{ pid: 7, bytes: 300 }])).toBe(800);
});

test('a trial that holds more than was estimated takes nothing from the others', () => {
  const { state, look } = machine();
  state.resident.set(7, 500);
  expect(look.free([{ pid: 7, bytes: 300 }])).toBe(1000);
});

test('within a second the system is asked once, and who started since counts as a whole', () => {
  const { state, look } = machine();
  state.resident.set(7, 300);
  expect(look.free([{ pid: 7, bytes: 300 }])).toBe(1000);
  state.resident.set(8, 200);
  state.available = 800;
  state.now = 900;
  const claims = [
    { pid: 7, bytes: 300 },
    { pid: 8, bytes: 300 },
  ];
  expect(look.free(claims)).toBe(700);
  expect(state.looks).toBe(1);
  state.now = 1001;
  expect(look.free(claims)).toBe(700);
  expect(state.looks).toBe(2);
});

test('memory that was freed in the meantime is seen by another look', () => {
  const { state, look } = machine();
  expect(look.free([])).toBe(1000);
  state.available = 5000;
  expect(look.free([])).toBe(1000);
  look.again();
  expect(look.free([])).toBe(5000);
});
