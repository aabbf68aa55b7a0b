import { existsSync } from 'node:fs';
import { runCommandLine } from './main.js';

/** The `sweep` command. Gives the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return runCommandLine(
    {
      name: 'sweep',
      description:
        'Run the trials of a pipeline: a YAML file that says what data, which model, which loss and what to vary.',
      examples: `  sweep pipelines/quickstart.yaml            run a pipeline (the same as sweep run)
  sweep validate pipelines/*.yaml            check pipelines, every mistake at once
  sweep plan pipelines/quickstart.yaml       list the trials without running them
  sweep run FILE --set train.epochs=1        change a key for this run
`,
      fallback: 'run',
      operand: { noun: 'file', mayBe: existsSync },
      commands: {
        run: {
          summary: 'plan a pipeline, run its trials and report',
          load: () => import('./commands/run.js'),
          goesOn: true,
        },
        validate: { summary: 'check pipelines and show every mistake', load: () => import('./commands/validate.js') },
        plan: { summary: 'list the trials of a pipeline', load: () => import('./commands/plan.js') },
        resume: {
          summary: 'go on with a run that was interrupted',
          load: () => import('./commands/resume.js'),
          goesOn: true,
        },
        retry: {
          summary: 'run again what did not complete',
          load: () => import('./commands/retry.js'),
          goesOn: true,
        },
        status: { summary: 'say how a run stands', load: () => import('./commands/status.js') },
        watch: { summary: 'watch a run that goes on elsewhere', load: () => import('./commands/watch.js') },
        logs: { summary: 'show what a trial printed', load: () => import('./commands/logs.js') },
        cancel: { summary: 'stop a run, or one trial of it', load: () => import('./commands/cancel.js') },
        runs: { summary: 'list the runs', load: () => import('./commands/runs.js') },
        clean: { summary: 'remove spent checkpoints and old runs', load: () => import('./commands/clean.js') },
        engine: { summary: 'install or remove an engine', load: () => import('./commands/engine.js') },
        doctor: {
          summary: 'say which engines work here, and why the others do not',
          load: () => import('./commands/doctor.js'),
        },
      },
    },
    argv,
  );
}
