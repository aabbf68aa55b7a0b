import type { PlanDiff } from '../../plan/diff-plans.js';
import { armTrials } from '../../plan/share-trials.js';
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
    const arms = armTrials(plan);
    yield* table(arms, armColumns(overview, arms));
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
  const arms = armTrials(plan);
  yield* table(arms, armColumns(overview, arms), escaped);
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

/** A Markdown table whose columns are as wide as their widest cell, a line at a time. Each cell is made once. */
function* table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  show: (text: string) => string = (cell) => cell,
): Generator<string> {
  // By columns, not by rows: of a hundred thousand rows, lists of a few cells each would be most of the memory.
  const cells = columns.map((): string[] => []);
  const widths = columns.map(({ head }) => head.length);
  for (const row of rows) {
    for (let k = 0; k < columns.length; k++) {
      const cell = show(columns[k]!.text(row));
      cells[k]!.push(cell);
      widths[k] = Math.max(widths[k]!, width(cell));
    }
  }
  const blanks = ' '.repeat(Math.max(0, ...widths));
  const line = (textOf: (k: number) => string): string => {
    let text = '|';
    for (let k = 0; k < columns.length; k++) {
      const cell = textOf(k);
      const space = blanks.slice(0, widths[k]! - width(cell));
      text += columns[k]!.right ? ` ${space}${cell} |` : ` ${cell}${space} |`;
    }
    return `${text}\n`;
  };
  yield line((k) => columns[k]!.head);
  yield `| ${columns.map(({ right }, k) => (right ? `${'-'.repeat(widths[k]! - 1)}:` : `:${'-'.repeat(widths[k]! - 1)}`)).join(' | ')} |\n`;
  for (let row = 0; row < rows.length; row++) yield line((k) => cells[k]![row]!);
}

/** In characters. */
function width(text: string): number {
  return /[^ -~]/.test(text) ? [...text].length : text.length;
}

function escaped(text: string): string {
  return text.replaceAll(/[|\\`*_<>]/g, '\\$&');
}
