import type { PlanDiff } from '../../plan/diff-plans.js';
import { diffLines } from './diff-text.js';
import type { PlanOverview } from './overview.js';
import { armColumns, type Column, planHead, planNotes, trialColumns } from './plan-text.js';

export type PlanFormat = 'text' | 'json' | 'markdown';

/** A plan that is compared with another, or null. */
export interface Compared {
  /** What it is compared with, as the user named it. */
  readonly name: string;
  readonly diff: PlanDiff;
}

/** The text of a plan in pieces, so that one of a hundred thousand trials is never held as a whole. */
export function* renderPlan(overview: PlanOverview, compared: Compared | null, format: PlanFormat): Generator<string> {
  if (format === 'json') yield* json(overview, compared);
  else if (format === 'markdown') yield* markdown(overview, compared);
  else yield* text(overview, compared);
}

function* text(overview: PlanOverview, compared: Compared | null): Generator<string> {
  const { plan } = overview;
  yield `${planHead(overview)}\n\n`;
  if (compared === null) {
    yield* table(plan.arms, armColumns(overview));
    yield '\n';
    yield* table(plan.trials, trialColumns(overview));
  } else yield `${diffLines(compared).join('\n')}\n`;
  for (const { subject, lines } of planNotes(overview)) {
    yield `\n${subject}\n${lines.map((line) => `  ${line}\n`).join('')}`;
  }
}

/** For a comment on a pull request: the trials folded away. */
function* markdown(overview: PlanOverview, compared: Compared | null): Generator<string> {
  const { plan } = overview;
  yield `### Plan of ${planHead(overview)}\n\n`;
  if (compared !== null)
    yield `${diffLines(compared)
      .map((line) => `- ${escaped(line.trim())}\n`)
      .join('')}\n`;
  yield* table(plan.arms, armColumns(overview), escaped);
  for (const { subject, lines } of planNotes(overview)) {
    yield `\n**${subject}**\n\n${lines.map((line) => `- ${escaped(line.trim())}\n`).join('')}`;
  }
  yield `\n<details><summary>All trials</summary>\n\n`;
  yield* table(plan.trials, trialColumns(overview), escaped);
  yield '\n</details>\n';
}

function* json(overview: PlanOverview, compared: Compared | null): Generator<string> {
  const { plan, rules, merged, idle, fractions, done, time, probe, sizeOf, timeOf } = overview;
  const { arms, trials, ...head } = plan;
  const cached = new Map(
    trials.flatMap(({ config }) => overview.dataOf(config).cached ?? []).map((data) => [data.digest, data]),
  );
  const account = { rules, merged, idle, fractions, data: [...cached.values()], time, probe };
  const whole = { ...head, account, ...(compared === null ? {} : { compared }) };
  yield `${JSON.stringify(whole, null, 2).slice(0, -2)},\n  "arms": [`;
  const configs = new Map(trials.map((trial) => [trial.id, trial.config]));
  let comma = '';
  for (const arm of arms) {
    const config = configs.get(arm.trial_ids?.[0] ?? '');
    const size = config === undefined ? null : sizeOf(config);
    yield `${comma}\n    ${JSON.stringify({ ...arm, size })}`;
    comma = ',';
  }
  yield '\n  ],\n  "trials": [';
  comma = '';
  for (const trial of trials) {
    yield `${comma}\n    ${JSON.stringify({ ...trial, done_in: done.get(trial.id) ?? null, time: timeOf(trial) })}`;
    comma = ',';
  }
  yield '\n  ]\n}\n';
}

/**
 * A Markdown table whose columns are as wide as their widest cell, a line at a time. The cells are made once and kept as
 * one text a row: there may be a hundred thousand of them.
 */
function* table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  show: (text: string) => string = (cell) => cell,
): Generator<string> {
  const widths = columns.map(({ head }) => head.length);
  const kept = rows.map((row) =>
    columns
      .map(({ text }, k) => {
        const cell = show(text(row));
        widths[k] = Math.max(widths[k]!, width(cell));
        return cell;
      })
      .join(BETWEEN_CELLS),
  );
  const line = (texts: readonly string[]): string => {
    const padded = texts.map((cell, k) => {
      const space = ' '.repeat(widths[k]! - width(cell));
      return columns[k]!.right ? space + cell : cell + space;
    });
    return `| ${padded.join(' | ')} |\n`;
  };
  yield line(columns.map(({ head }) => head));
  yield `| ${columns.map(({ right }, k) => (right ? `${'-'.repeat(widths[k]! - 1)}:` : `:${'-'.repeat(widths[k]! - 1)}`)).join(' | ')} |\n`;
  for (const row of kept) yield line(row.split(BETWEEN_CELLS));
}

const BETWEEN_CELLS = '\0';

/** In characters. */
function width(text: string): number {
  return /[^ -~]/.test(text) ? [...text].length : text.length;
}

function escaped(text: string): string {
  return text.replaceAll(/[|\\`*_<>]/g, '\\$&');
}
