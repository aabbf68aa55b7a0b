import { basename, dirname, extname, join } from 'node:path';
import type { ReportFile } from './check-report.js';
import type { Drawing } from './figures/draw.js';
import { renderHtml } from './html/render-html.js';
import { renderMarkdown } from './markdown/render-markdown.js';
import type { ReportData } from './report-data.js';

/** report.md, report.html and the figures of a run folder. */
export function runFolderFiles(folder: string, data: ReportData, drawings: readonly Drawing[]): readonly ReportFile[] {
  const markdown = renderMarkdown(data);
  return [
    { path: join(folder, 'report.md'), text: `${markdown}\n` },
    { path: join(folder, 'report.html'), text: `${renderHtml(data, drawings, markdown)}\n` },
    ...figureFiles(join(folder, 'figures'), drawings),
  ];
}

/** A Markdown report elsewhere: its figures stand beside it in `figures` (of report.md) or `<name>-figures`. */
export function markdownFiles(file: string, data: ReportData, drawings: readonly Drawing[]): readonly ReportFile[] {
  const name = basename(file, extname(file));
  const figuresFolder = name === 'report' ? 'figures' : `${name}-figures`;
  return [
    { path: file, text: `${renderMarkdown(data, { figuresFolder })}\n` },
    ...figureFiles(join(dirname(file), figuresFolder), drawings),
  ];
}

function figureFiles(folder: string, drawings: readonly Drawing[]): readonly ReportFile[] {
  return drawings.map(({ name, svg }) => ({ path: join(folder, `${name}.svg`), text: `${svg}\n` }));
}
