import { isAbsolute, relative } from 'node:path';
import type { ReportData } from './report-data.js';

/**
 * A report without the folder that its run was started in, which means nothing elsewhere: paths are told as seen from
 * there. A report that has been through it stays as it is.
 */
export function withoutPlaces(data: ReportData): ReportData {
  const { info } = data.run;
  const folder = info?.working_directory ?? '';
  if (info === null || !isAbsolute(folder)) return data;
  const told = (text: string): string => text.replaceAll(`${folder}/`, '');
  // `--set data.source.file=/home/me/data.csv` holds a path after its last `=`.
  const seen = (word: string): string =>
    word.replace(/(?<=^|=)\/[^=]*$/, (path) => relative(folder, path).replaceAll('\\', '/') || '.');
  const { run, failures, warnings, problems } = data;
  return {
    ...data,
    run: {
      ...run,
      sources: run.sources.map(seen),
      info: { ...info, command: info.command.map(seen), working_directory: '.' },
    },
    failures: failures.map((failure) => ({
      ...failure,
      message: failure.message === null ? null : told(failure.message),
      hint: failure.hint === null ? null : told(failure.hint),
    })),
    warnings: warnings.map((warning) => ({ ...warning, message: told(warning.message) })),
    problems: problems.map((problem) => ({ ...problem, file: told(problem.file), message: told(problem.message) })),
  };
}
