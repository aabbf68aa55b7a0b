import { readFileSync } from 'node:fs';

/** Knows which deaths the kernel's out-of-memory killer is behind. */
export interface OomWitness {
  /** Whether a process that has just died by SIGKILL was its victim; null where the system does not say. */
  sawVictim(): boolean | null;
}

/** Counts, by proc(5)'s vmstat, what the kernel kills from now on; each of its kills explains one death. */
export function oomWitness(kills: () => number | null = oomKills): OomWitness {
  let explained = kills();
  return {
    sawVictim() {
      const now = kills();
      if (now === null || explained === null) return null;
      if (now <= explained) return false;
      explained++;
      return true;
    },
  };
}

function oomKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
