import { failedClaims } from '../claim-text.js';
import { renderMarkdown } from '../markdown/render-markdown.js';
import type { ReportData } from '../report-data.js';

/** A job summary may be 1 MiB; a report that is longer is cut between sections. */
const MOST_BYTES = 900_000;

/** A report as a GitHub job summary: Markdown without figures, which a summary cannot show. */
export function renderGithubSummary(data: ReportData): string {
  const sections = { ...data.report.sections, figures: false, epochs: false, model: false };
  const blocks = renderMarkdown({ ...data, report: { ...data.report, sections } }).split('\n\n## ');
  const kept: string[] = [];
  let bytes = 0;
  for (const block of blocks) {
    bytes += Buffer.byteLength(block) + 5;
    if (bytes > MOST_BYTES) break;
    kept.push(block);
  }
  return kept.join('\n\n## ');
}

/** Workflow commands that annotate a job: claims that fail, and trials that are not complete. */
export function githubAnnotations(data: ReportData): readonly string[] {
  const claims = groupsOf(failedClaims(data)).map(
    ([claim, ...figures]) => `::error title=${property(data.run.name)}::${message([claim!, ...figures].join('\n'))}`,
  );
  const failures = data.failures
    .slice(0, 20)
    .map(
      ({ trial, state, message: reason }) =>
        `::error title=${property(`${data.run.name}: ${trial}`)}::${message(`${state}${reason === null ? '' : `: ${reason}`}`)}`,
    );
  return [...claims, ...failures];
}

/** The lines of each claim: its figures are indented. */
function groupsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (const line of lines) {
    if (line.startsWith(' ')) groups.at(-1)?.push(line);
    else groups.push([line]);
  }
  return groups;
}

function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
