import { setImmediate } from 'node:timers/promises';
import type { Interruption, TrainContext } from './train-context.js';

/** Milliseconds between turns of the event loop, so that signals and messages are heard. */
const BREATH = 50;

/** Asked between batches whether to go on. */
export interface Pulse {
  beat(): Promise<Interruption | null>;
}

/** Lets the event loop run now and then and reports a cancellation or a passed deadline. */
export function createPulse({ now, deadline, signal }: TrainContext): Pulse {
  let breathed = now();
  return {
    async beat() {
      const time = now();
      if (time - breathed >= BREATH) {
        await setImmediate();
        breathed = time;
      }
      if (signal.aborted) return 'cancelled';
      return deadline !== null && time >= deadline ? 'timed_out' : null;
    },
  };
}
