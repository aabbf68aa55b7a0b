import { type Command, Option } from 'commander';
import { ReportError } from '../../errors.js';
import type { CommandContext } from '../command.js';
import { openReport } from '../report-source.js';

interface CompareOptions {
  readonly format: 'md' | 'json';
  readonly metric?: string;
  readonly runs: string;
}

/** `report compare RUN RUN…`: what changed between runs, by how much, and whether it is more than noise. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<runs...>', 'two runs or more, or reports as JSON, also of a Git commit (main:docs/report.json)')
    .option('--metric <metric>', 'the metric to compare by, such as test.accuracy (default: the main one)')
    .addOption(new Option('--format <format>', 'how to write it').choices(['md', 'json']).default('md'))
    .option('--runs <dir>', 'the folder that holds the runs', 'runs')
    .action(async (references: readonly string[], { format, metric, runs }: CompareOptions) => {
      if (references.length < 2) {
        throw new ReportError('expected two runs or more to compare, found one', {
          code: 'REPORT_COMPARE',
          hint: 'report compare RUN RUN…',
        });
      }
      const sources = await Promise.all(references.map((reference) => openReport(reference, { runs })));
      const { compareRuns } = await import('../../report/compare/compare-runs.js');
      const comparison = compareRuns(sources, metric ?? null);
      if (
        comparison === null ||
        comparison.arms.every(({ summaries }) => summaries.every((summary) => summary === null))
      ) {
        throw new ReportError(
          `expected figures${metric === undefined ? '' : ` of ${metric}`} to compare, found none in these runs`,
          {
            code: 'REPORT_COMPARE',
            hint: 'name a metric that they have with --metric',
          },
        );
      }
      const { renderComparison } = await import('../../report/compare/render-comparison.js');
      const language = sources[0]!.data.report.language;
      context.stdout.write(
        `${format === 'json' ? JSON.stringify(comparison, null, 2) : renderComparison(comparison, language)}\n`,
      );
    });
}
