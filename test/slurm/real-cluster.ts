import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = path.join(ROOT, 'scripts/slurm-cluster.sh');

/** Why there can be no real cluster on this machine; null where there can. */
export function whyNoCluster(): string | null {
  if (process.platform !== 'linux') return 'Slurm runs on Linux';
  if (process.getuid?.() !== 0) return 'its daemons need root';
  for (const command of ['slurmctld', 'slurmd', 'sbatch', 'munged']) {
    try {
      execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    } catch {
      return `there is no ${command}: apt-get install slurm-wlm munge`;
    }
  }
  return null;
}

export interface SweepRun {
  /** One for each line of --json. */
  readonly events: AsyncIterable<{ readonly event: string; readonly [key: string]: unknown }>;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string; readonly stdout: string }>;
}

/** A cluster of this machine, and a folder whose name needs quotes. */
export interface RealCluster {
  readonly folder: string;
  sweep(...args: string[]): SweepRun;
  /** Slurm's own commands; what they print. */
  slurm(command: string, ...args: string[]): string;
  down(): void;
}

export function realCluster(): RealCluster {
  const home = mkdtempSync(path.join(os.tmpdir(), 'sweepline-slurm-'));
  const folder = mkdtempSync(path.join(os.tmpdir(), "sweepline o'hara $x-"));
  execFileSync('bash', [SCRIPT, 'up', home], { stdio: ['ignore', 'ignore', 'inherit'] });
  const env = {
    ...process.env,
    SLURM_CONF: path.join(home, 'slurm.conf'),
    SWEEPLINE_CACHE: path.join(folder, 'cache'),
    NO_COLOR: '1',
  };
  return {
    folder,
    sweep(...args) {
      const child = spawn(process.execPath, [path.join(ROOT, 'bin/sweep.js'), ...args], { cwd: folder, env });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const lines = readline.createInterface({ input: child.stdout });
      const events = async function* () {
        for await (const line of lines) if (line.startsWith('{')) yield JSON.parse(line);
      };
      const ended = new Promise<Awaited<SweepRun['ended']>>((done) => {
        child.on('close', (code) => done({ code, stdout, stderr }));
      });
      return { events: events(), ended };
    },
    slurm: (command, ...args) => execFileSync(command, args, { env, encoding: 'utf8' }),
    down() {
      execFileSync('bash', [SCRIPT, 'down', home], { stdio: 'ignore' });
      for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
    },
  };
}
