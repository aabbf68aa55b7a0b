import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that answers one JSON line per JSON line. */
export async function startWorker(command, args, environment = {}) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...environment, ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args[0]} ended before it answered`);
    return JSON.parse(value);
  };
  const { ready } = await answer();
  return {
    name: ready,
    ask(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
      return answer();
    },
    stop: () => child.stdin.end(),
  };
}
