import type { RunFolder } from '../../run-folder.js';
import { journalState } from '../../run-status.js';

/** Whether a run that no process follows was last run on a cluster and has not been told to an end. */
export async function isOnCluster(folder: RunFolder): Promise<boolean> {
  const { execution, ended } = journalState(await folder.readJournal());
  return execution?.executor === 'slurm' && (ended === null || ended === 'detached');
}
