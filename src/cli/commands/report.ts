import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { ReportError } from '../../errors.js';
import { type ReportFile, staleFiles, staleText } from '../../report/check-report.js';
import type { ReportData } from '../../report/report-data.js';
import type { CommandContext } from '../command.js';
import { isStream, writeOutput } from '../output-file.js';
import { openReport, type ReportSource } from '../report-source.js';
import { wantsColors } from '../terminal/colors.js';
import { oneLine, unbroken } from '../terminal/display-width.js';

const FORMATS = ['md', 'html', 'csv', 'json', 'latex', 'term', 'github', 'junit'] as const;

interface ReportOptions {
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly runs: string;
  readonly pipeline?: string;
  readonly check: boolean;
}

/** `report [RUN]`: the report of a run, printed, written to a file, or checked. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[run]', 'a run (its folder, its id or the beginning of it, latest), or a report as JSON', 'latest')
    .addOption(new Option('--format <format>', 'how to write it').choices(FORMATS).default('md'))
    .option(
      '--output <file>',
      'write to a file instead of printing, its folder made where it is missing; figures stand beside a Markdown file, not beside a pipe or a device',
    )
    .option(
      '--check',
      'write nothing; exit 3 when a claim fails, 1 when the written report is not what its data gives',
      false,
    )
    .option(
      '--pipeline <file>',
      "take the report's settings and the claims from this pipeline instead of the run's (or the JSON's) own",
    )
    .option('--runs <dir>', 'the folder that holds the runs', 'runs')
    .action(async (run: string, options: ReportOptions) => {
      const source = await openReport(run, options);
      if (options.check) await check(source, options, context);
      else if (options.output === undefined) await print(source, options, context);
      else await write(options.output, await filesOf(options.output, source.data, options));
    });
}

async function print(
  { data, folder }: ReportSource,
  { format }: ReportOptions,
  context: CommandContext,
): Promise<void> {
  const { stdout } = context;
  if (format === 'github') return printGithub(data, context);
  if (format === 'md' && folder !== null) {
    const { writeReportOf } = await import('../../report/write-report.js');
    stdout.write(`${(await writeReportOf(folder, data)).markdown}\n`);
    return;
  }
  const color = wantsColors(stdout);
  stdout.write(`${await render(data, format, { color, width: stdout.columns ?? 100 })}\n`);
}

/** The summary of a job where GitHub gives a file for it, and annotations; elsewhere the summary is printed. */
async function printGithub(data: ReportData, { stdout }: CommandContext): Promise<void> {
  const { githubAnnotations, renderGithubSummary } = await import('../../report/formats/render-github.js');
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary === undefined || summary === '') stdout.write(`${renderGithubSummary(data)}\n`);
  else await appendFile(summary, `${renderGithubSummary(data)}\n`);
  for (const line of githubAnnotations(data)) stdout.write(`${line}\n`);
}

async function render(
  data: ReportData,
  format: ReportOptions['format'],
  terminal: { readonly color: boolean; readonly width: number } = { color: false, width: 100 },
): Promise<string> {
  switch (format) {
    case 'md':
      return (await import('../../report/markdown/render-markdown.js')).renderMarkdown(data);
    case 'json':
      return (await import('../../report/render-json.js')).renderJson(data);
    case 'csv':
      return (await import('../../report/formats/render-csv.js')).renderCsv(data);
    case 'latex':
      return (await import('../../report/formats/render-latex.js')).renderLatex(data);
    case 'term':
      return (await import('../../report/formats/render-terminal.js')).renderTerminal(data, terminal);
    case 'github':
      return (await import('../../report/formats/render-github.js')).renderGithubSummary(data);
    case 'junit':
      return (await import('../../report/formats/render-junit.js')).renderJunit(data);
    case 'html': {
      const { drawFiguresOf } = await import('../../report/write-report.js');
      const { renderHtml } = await import('../../report/html/render-html.js');
      return renderHtml(data, await drawFiguresOf(data));
    }
  }
}

async function filesOf(output: string, data: ReportData, { format }: ReportOptions): Promise<readonly ReportFile[]> {
  // Beside a pipe or a device stand no figures.
  if (format !== 'md' || (await isStream(output))) return [{ path: output, text: `${await render(data, format)}\n` }];
  const { drawFiguresOf } = await import('../../report/write-report.js');
  const { markdownFiles } = await import('../../report/report-files.js');
  return markdownFiles(output, data, await drawFiguresOf(data));
}

async function write(output: string, files: readonly ReportFile[]): Promise<void> {
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(path), { recursive: true });
      await writeOutput(path, text);
    }
  } catch (error) {
    throw new ReportError(`cannot write ${output}: ${(error as Error).message}`, {
      code: 'REPORT_OUTPUT',
      hint: 'give --output a file in a folder that can be made and written',
      cause: error,
    });
  }
}

/** Whether the claims hold, and whether what was written before is what the data gives. */
async function check({ data, folder }: ReportSource, options: ReportOptions, context: CommandContext): Promise<void> {
  const { failedClaims } = await import('../../report/claim-text.js');
  const failing = failedClaims(data);
  const stale = await staleFiles(await filesToCheck(folder, data, options));
  for (const text of [...failing, ...stale.map(staleText)]) {
    context.stderr.write(`${text.split('\n').map(unbroken).join('\n')}\n`);
  }
  if (failing.length > 0) context.exit(3);
  else if (stale.length > 0) context.exit(1);
  else {
    const claims = data.claims.length === 0 ? 'there are no claims' : `every claim holds (${data.claims.length})`;
    context.stdout.write(`${oneLine(data.run.id)}: ${claims}, and the report is what its data gives\n`);
  }
}

/** What --output names, else the report in the run folder. */
async function filesToCheck(
  folder: string | null,
  data: ReportData,
  options: ReportOptions,
): Promise<readonly ReportFile[]> {
  if (options.output !== undefined) return filesOf(options.output, data, options);
  if (folder === null) return [];
  const { drawFiguresOf } = await import('../../report/write-report.js');
  const { runFolderFiles } = await import('../../report/report-files.js');
  const files = runFolderFiles(folder, data, await drawFiguresOf(data));
  const { existsSync } = await import('node:fs');
  // A run is often committed without the page that only repeats its report.
  return files.filter(({ path }) => !path.endsWith('report.html') || existsSync(path));
}
