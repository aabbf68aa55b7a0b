import type { ReportFailure } from '../report-data.js';
import { escapeInline } from './escape.js';
import type { Section, SectionContext } from './section.js';
import { tableOf } from './table.js';

const MOST_PENDING = 10;

/** Every trial that is not complete: how it ended, why, what to do, and where its log is. */
export const failureSection: Section = (context) => {
  const { data, label } = context;
  if (data.failures.length === 0) return [];
  const pending = data.failures.filter(({ state }) => state === 'pending');
  const shown =
    pending.length > MOST_PENDING ? data.failures.filter(({ state }) => state !== 'pending') : data.failures;
  const left = data.failures.length - shown.length;
  return [
    `## ${label('failures')}`,
    ...(shown.length > 0 ? [failureTable(shown, context)] : []),
    ...(left > 0 ? [label('failures.more', { n: left })] : []),
  ];
};

function failureTable(failures: readonly ReportFailure[], context: SectionContext): string {
  const { label, names } = context;
  return tableOf([
    { header: label('trial'), cells: failures.map(({ trial }) => escapeInline(trial)) },
    { header: label('arm'), cells: failures.map(({ arm }) => names.of(arm)) },
    { header: label('state'), cells: failures.map(({ state }) => label(state)) },
    { header: label('reason'), cells: failures.map((failure) => reason(failure, context)) },
    { header: label('hint'), cells: failures.map(({ hint }) => shortened(hint ?? '')) },
    { header: label('log'), cells: failures.map(({ log }) => escapeInline(log ?? '')) },
  ]);
}

function reason({ state, message, last_epoch, epochs_planned }: ReportFailure, { label }: SectionContext): string {
  const reached =
    state === 'pending'
      ? label('failures.never')
      : epochs_planned !== null && last_epoch > 0
        ? label('failures.epoch', { epoch: last_epoch, epochs: epochs_planned })
        : '';
  return [shortened(message ?? ''), reached].filter((part) => part !== '').join(label.comma);
}

/** A cell is no place for a stack or a log's tail: both are in the log. */
function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return escapeInline(line.length > 300 ? `${line.slice(0, 300)}…` : line);
}
