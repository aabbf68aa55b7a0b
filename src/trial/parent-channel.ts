import type { TrialEvent } from './events.js';

/** Tells events to the parent; to nobody where there is none. */
export interface ParentChannel {
  send(event: TrialEvent): void;
  /** Resolves when everything that was sent is with the parent, or never will be. */
  delivered(): Promise<void>;
}

/** What comes in the first `gatherMs` milliseconds is told together, with the result at the latest; the rest as it comes. */
export function parentChannel(gatherMs: number): ParentChannel {
  let gathered: TrialEvent[] | null = gatherMs > 0 ? [] : null;
  let last: Promise<void> = Promise.resolve();
  const tell = (message: TrialEvent | readonly TrialEvent[]): void => {
    if (!process.connected) return;
    // A parent that dies while we write is heard as a disconnection, not as an error here.
    last = new Promise((done) => process.send!(message, undefined, undefined, () => done()));
  };
  const flush = (): void => {
    clearTimeout(timer);
    if (gathered !== null && gathered.length > 0) tell(gathered);
    gathered = null;
  };
  const timer = gathered === null ? undefined : setTimeout(flush, gatherMs);
  return {
    send(event) {
      if (gathered === null) return tell(event);
      gathered.push(event);
      if (event.type === 'result') flush();
    },
    delivered() {
      flush();
      return last;
    },
  };
}
