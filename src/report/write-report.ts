import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from '../atomic-file.js';
import type { ReportFile } from './check-report.js';
import { type Drawing, drawFigures } from './figures/draw.js';
import { listFigures } from './figures/list-figures.js';
import { labelsOf } from './labels.js';
import { loadRun } from './load/load-run.js';
import { armNames } from './markdown/arm-names.js';
import type { ReportData } from './report-data.js';
import { runFolderFiles } from './report-files.js';
import { summarise } from './summarise.js';

export interface WrittenReport {
  readonly data: ReportData;
  /** Without a line break at its end. */
  readonly markdown: string;
  /** Where it stands now, or null when the run folder cannot be written. */
  readonly file: string | null;
}

/**
 * Makes a run's report anew and keeps it as report.md and report.html in the run folder, its figures in figures/ beside
 * them; throws a ReportError as `loadRun` does.
 */
export async function writeReport(folder: string): Promise<WrittenReport> {
  return writeReportOf(folder, summarise(await loadRun(folder)));
}

/** The same for a report that was made already. */
export async function writeReportOf(folder: string, data: ReportData): Promise<WrittenReport> {
  const files = runFolderFiles(folder, data, await drawFiguresOf(data));
  const report = files[0]!;
  const markdown = report.text.slice(0, -1);
  try {
    await writeFiles(files);
    await removeOldFigures(join(folder, 'figures'), files);
    return { data, markdown, file: report.path };
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    // A run on a read-only disk still has a report to print.
    return { data, markdown, file: null };
  }
}

/** The figures of a report, drawn. */
export function drawFiguresOf(data: ReportData): Promise<readonly Drawing[]> {
  return drawFigures(listFigures({ data, label: labelsOf(data.report.language), names: armNames(data.arms) }));
}

/** Writes files, and the folders that they stand in where these are missing. */
async function writeFiles(files: readonly ReportFile[]): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomically(path, text);
  }
}

/** Figures that an older report of the run had, and this one has not. */
async function removeOldFigures(folder: string, files: readonly ReportFile[]): Promise<void> {
  const kept = new Set(files.filter(({ path }) => dirname(path) === folder).map(({ path }) => basename(path)));
  for (const file of await readdir(folder).catch(() => [])) {
    if (file.endsWith('.svg') && !kept.has(file)) await rm(join(folder, file));
  }
}
