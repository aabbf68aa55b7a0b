import type { PlanDiff } from '../../plan/diff-plans.js';
import type { Plan } from '../../plan/plan.js';
import { type ArmTrials, armTrials } from '../../plan/share-trials.js';
import { unbroken } from '../terminal/display-width.js';
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
    const arms = armRows(plan);
    yield* table(arms, armColumns(overview, arms));
    yield '\n';
    yield* table(plan.trials, trialColumns(overview));
  } else yield `${diffLines(compared).map(unbroken).join('\n')}\n`;
  for (const { subject, lines } of planNotes(overview)) {
    yield `\n${subject}\n${lines.map((line) => `  ${unbroken(line)}\n`).join('')}`;
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
  const arms = armRows(plan);
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

/** Each arm with its trials, made anew each time they are gone through. */
function armRows(plan: Plan): Iterable<ArmTrials> {
  return { [Symbol.iterator]: () => armTrials(plan) };
}

/**
 * A Markdown table whose columns are as wide as their widest cell, a line at a time. The cells are made twice, for the
 * widths and for the lines, but for costly ones: of a hundred thousand rows they would be most of the memory.
 */
function* table<Row>(
  rows: Iterable<Row>,
  columns: readonly Column<Row>[],
  show: (text: string) => string = unbroken,
): Generator<string> {
  const kept = columns.map(({ costly }): string[] | null => (costly === true ? [] : null));
  const widths = columns.map(({ head }) => head.length);
  // Where it is the length, as mostly, the width of a cell need not be found out again.
  const plain = columns.map(() => true);
  for (const row of rows) {
    for (let k = 0; k < columns.length; k++) {
      const cell = show(columns[k]!.text(row));
      kept[k]?.push(cell);
      const wide = width(cell);
      if (wide > widths[k]!) widths[k] = wide;
      if (wide !== cell.length) plain[k] = false;
    }
  }
  const blanks = ' '.repeat(Math.max(0, ...widths));
  const padded = (cell: string, k: number): string => {
    const space = blanks.slice(0, widths[k]! - (plain[k] ? cell.length : width(cell)));
    return columns[k]!.right ? ` ${space}${cell} |` : ` ${cell}${space} |`;
  };
  yield `|${columns.map(({ head }, k) => padded(head, k)).join('')}\n`;
  yield `| ${columns.map(({ right }, k) => (right ? `${'-'.repeat(widths[k]! - 1)}:` : `:${'-'.repeat(widths[k]! - 1)}`)).join(' | ')} |\n`;
  let n = 0;
  for (const row of rows) {
    let line = '|';
    for (let k = 0; k < columns.length; k++) line += padded(kept[k]?.[n] ?? show(columns[k]!.text(row)), k);
    yield `${line}\n`;
    n++;
  }
}

/** In characters; they may be fewer than the units of UTF-16. */
function width(text: string): number {
  return SURROGATE.test(text) ? [...text].length : text.length;
}

const SURROGATE = /[\ud800-\udfff]/;

function escaped(text: string): string {
  return unbroken(text).replaceAll(/[|\\`*_<>]/g, '\\$&');
}
