import { writeAtomically } from '../run/atomic-file.js';
import { RunFolder } from '../run/run-folder.js';
import { loadRun } from './load/load-run.js';
import { renderMarkdown } from './markdown/render-markdown.js';
import type { ReportData } from './report-data.js';
import { summarise } from './summarise.js';

export interface WrittenReport {
  readonly data: ReportData;
  /** Without a line break at its end. */
  readonly markdown: string;
  /** Where it stands now, or null when the run folder cannot be written. */
  readonly file: string | null;
}

/** Makes a run's report anew and keeps it as report.md in the run folder; throws a ReportError as `loadRun` does. */
export async function writeReport(folder: string): Promise<WrittenReport> {
  const data = summarise(await loadRun(folder));
  const markdown = renderMarkdown(data);
  const { reportFile } = new RunFolder(folder);
  try {
    await writeAtomically(reportFile, `${markdown}\n`);
    return { data, markdown, file: reportFile };
  } catch {
    // A run on a read-only disk still has a report to print.
    return { data, markdown, file: null };
  }
}
