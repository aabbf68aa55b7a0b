/** How far the user has gone in stopping a run: asked once (`stop`) or insisted (`kill`). */
export type StopLevel = 'stop' | 'kill';

/** A request to stop a run, made by signals and heard by the scheduler. */
export interface Interruption {
  readonly level: StopLevel | null;
  /** The first request's signal. */
  readonly signal: NodeJS.Signals | null;
  /** The first request stops, the second kills, further ones change nothing. */
  request(signal: NodeJS.Signals): void;
  /** Aborted: what runs elsewhere goes on without this process. */
  readonly leaving: AbortSignal;
  leave(): void;
  /** Calls `listener` on each rise of the level; returns what ends that. */
  onRequest(listener: (level: StopLevel) => void): () => void;
}

export function createInterruption(): Interruption {
  const leaving = new AbortController();
  const listeners = new Set<(level: StopLevel) => void>();
  let level: StopLevel | null = null;
  let first: NodeJS.Signals | null = null;
  return {
    get level() {
      return level;
    },
    get signal() {
      return first;
    },
    request(signal) {
      if (level === 'kill') return;
      level = level === null ? 'stop' : 'kill';
      first ??= signal;
      for (const listener of [...listeners]) listener(level);
    },
    leaving: leaving.signal,
    leave: () => leaving.abort(),
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
