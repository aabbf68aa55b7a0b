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
  report RUN --format json      for other tools
`,
      fallback: 'show',
      commands: {
        show: {
          summary: 'print the report of a run (the default command)',
          load: () => import('./commands/report.js'),
        },
      },
    },
    argv.length === 0 ? ['show'] : argv,
  );
}
