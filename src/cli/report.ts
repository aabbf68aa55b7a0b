import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../pipeline/nearest.js';
import { runCommandLine } from './main.js';

/** The `report` command. Gives the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return runCommandLine(
    {
      name: 'report',
      description:
        'Turn a run into tables: means and standard deviations over seeds, per epoch, per class, with provenance.',
      examples: `  report                        the newest run
  report runs/latest            the same
  report RUN --format html --output report.html
  report RUN --check            exit 3 when a claim fails, 1 when report.md is out of date
  report compare RUN RUN        what changed, and whether it is more than noise
`,
      fallback: 'show',
      operand: {
        noun: 'run',
        // A run may have any name, in a folder that an option names: only what is nearly a command is taken for one.
        mayBe: (word) =>
          existsSync(word) || existsSync(join('runs', word)) || nearest(word, ['show', 'compare', 'diff']) === null,
      },
      commands: {
        show: {
          summary: 'print the report of a run (the default command)',
          load: () => import('./commands/report.js'),
        },
        compare: {
          summary: 'compare runs: what changed, by how much, is it more than noise',
          load: () => import('./commands/report-compare.js'),
        },
        diff: {
          summary: 'the same as compare',
          load: () => import('./commands/report-compare.js'),
        },
      },
    },
    argv.length === 0 ? ['show'] : argv,
  );
}
