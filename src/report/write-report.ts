import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAtomically } from '../run/atomic-file.js';
import { RunFolder } from '../run/run-folder.js';
import { type Drawing, drawFigures } from './figures/draw.js';
import { listFigures } from './figures/list-figures.js';
import { labelsOf } from './labels.js';
import { loadRun } from './load/load-run.js';
import { armNames } from './markdown/arm-names.js';
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

/**
 * Makes a run's report anew and keeps it as report.md in the run folder, its figures in figures/ beside it; throws a
 * ReportError as `loadRun` does.
 */
export async function writeReport(folder: string): Promise<WrittenReport> {
  const data = summarise(await loadRun(folder));
  const markdown = renderMarkdown(data);
  const { reportFile } = new RunFolder(folder);
  try {
    await writeFigures(join(dirname(reportFile), 'figures'), await drawFiguresOf(data), { alone: true });
    await writeAtomically(reportFile, `${markdown}\n`);
    return { data, markdown, file: reportFile };
  } catch (error) {
    if (!isFileError(error)) throw error;
    // A run on a read-only disk still has a report to print.
    return { data, markdown, file: null };
  }
}

/** The figures of a report, drawn. */
export function drawFiguresOf(data: ReportData): Promise<readonly Drawing[]> {
  return drawFigures(listFigures({ data, label: labelsOf(data.report.language), names: armNames(data.arms) }));
}

/** Writes figures as SVG files into a folder; with `alone`, other SVG files there are an older report's and go. */
export async function writeFigures(
  folder: string,
  drawings: readonly Drawing[],
  { alone }: { readonly alone: boolean },
): Promise<void> {
  if (drawings.length > 0) await mkdir(folder, { recursive: true });
  for (const { name, svg } of drawings) await writeAtomically(join(folder, `${name}.svg`), `${svg}\n`);
  if (!alone) return;
  const drawn = new Set(drawings.map(({ name }) => `${name}.svg`));
  for (const file of await readdir(folder).catch(() => [])) {
    if (file.endsWith('.svg') && !drawn.has(file)) await rm(join(folder, file));
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
