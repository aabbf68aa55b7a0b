import { RunError } from '../../../errors.js';
import { loadExeca } from '../../../load-execa.js';
import type { Submitted } from './cluster.js';

/** What to do about a submission that sbatch refused. */
export async function refusal({ reason }: Extract<Submitted, { readonly refused: unknown }>): Promise<RunError> {
  return new RunError(`sbatch refused the job: ${reason}`, { code: 'SLURM_REFUSED', hint: await hintFor(reason) });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/account/i, 'executor.slurm.account names the account; `sacctmgr show associations user=$USER` lists yours'],
  [/qos/i, 'executor.slurm.qos names the quality of service; `sacctmgr show associations user=$USER` lists yours'],
  [/gres|gpu/i, 'executor.slurm.gpus asks for GPUs; `sinfo -o "%P %G"` shows which partition has them'],
  [/feature|constraint/i, 'executor.slurm.constraint names features of nodes; `sinfo -o "%P %f"` shows them'],
  [/memory/i, 'executor.slurm.memory is for each task; `sinfo -o "%P %m"` shows the memory of the nodes in MB'],
  [/time/i, 'executor.slurm.time is for each task; `sinfo -o "%P %l"` shows the limits of the partitions'],
  [/cpu|processor|node configuration/i, 'no node has what executor.slurm asks for; `sinfo -N -l` shows what they have'],
  [/contact|timed out/i, 'the controller does not answer: try again once `sinfo` does'],
];

async function hintFor(reason: string): Promise<string> {
  if (/partition/i.test(reason)) {
    const execa = await loadExeca();
    const { stdout, failed } = await execa('sinfo', ['--noheader', '--format=%R'], { reject: false, stdin: 'ignore' });
    const names = [...new Set(stdout?.split('\n').filter((name) => name !== '') ?? [])];
    if (!failed && names.length > 0) return `executor.slurm.partition: there is ${names.join(', ')}`;
  }
  return HINTS.find(([pattern]) => pattern.test(reason))?.[1] ?? 'mend executor.slurm, or ask whoever runs the cluster';
}
