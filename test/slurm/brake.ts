import { setTimeout as pause } from 'node:timers/promises';

/** Slows a process down to a tenth until it is gone or the returned function is called: signals reach it all the same. */
export function brake(pid: number): () => void {
  let released = false;
  const send = (signal: NodeJS.Signals): boolean => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  const slow = async (): Promise<void> => {
    while (!released && send('SIGSTOP')) {
      await pause(180);
      if (!send('SIGCONT')) return;
      await pause(20);
    }
    send('SIGCONT');
  };
  void slow();
  return () => {
    released = true;
    send('SIGCONT');
  };
}
