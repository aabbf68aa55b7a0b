import type { RunFolder } from '../run/run-folder.js';
import type { CommandContext } from './command.js';
import { errorText } from './error-text.js';

/** Whether a run fulfils the claims of its pipeline; those that fail are told with their figures. */
export async function checkClaimsOf(folder: RunFolder, { stderr }: CommandContext): Promise<boolean> {
  try {
    const { expect = [] } = await folder.readPlan();
    if (expect.length === 0) return true;
    const [{ loadRun }, { summarise }] = await Promise.all([
      import('../report/load/load-run.js'),
      import('../report/summarise.js'),
    ]);
    const { failedClaims } = await import('../report/claim-text.js');
    const lines = failedClaims(summarise(await loadRun(folder.path)));
    if (lines.length > 0) stderr.write(`${lines.join('\n')}\n`);
    return lines.length === 0;
  } catch (error) {
    stderr.write(errorText(error, { stream: stderr }));
    return false;
  }
}
