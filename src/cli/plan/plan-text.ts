import type { Condition } from '../../plan/condition.js';
import type { Trial } from '../../plan/plan.js';
import type { ArmTrials } from '../../plan/share-trials.js';
import { byteCount, duration, grouped, rate } from '../terminal/figures.js';
import type { PlanOverview, TimeTotal } from './overview.js';

/** A column of a table: its head, and the text of each row. */
export interface Column<Row> {
  readonly head: string;
  readonly right?: true;
  /** Whether the texts are worth keeping between the measuring and the printing of them. */
  readonly costly?: true;
  readonly text: (row: Row) => string;
}

/** The columns of the table of arms; what nothing is known of is left out. */
export function armColumns(overview: PlanOverview, arms: Iterable<ArmTrials>): readonly Column<ArmTrials>[] {
  const { sizeOf, done, timeOf, time } = overview;
  const sized = first(100, arms).some(({ trials }) => sizeOf(trials[0]!.config) !== null);
  const size = ({ trials }: ArmTrials, of: 'parameters' | 'memory_bytes'): string => {
    const known = sizeOf(trials[0]!.config);
    if (known === null) return '–';
    const text = of === 'parameters' ? grouped(known.parameters) : byteCount(known.memory_bytes);
    return known.exact ? text : `≤ ${text}`;
  };
  return [
    { head: 'arm', text: ({ arm: { id } }) => id },
    { head: 'settings', text: ({ arm: { label } }) => label },
    { head: 'trials', right: true, text: ({ trials }) => String(trials.length) },
    { head: 'seeds', text: ({ trials }) => seedsText(trials) },
    ...(done.size === 0
      ? []
      : [
          {
            head: 'done',
            right: true as const,
            text: ({ trials }: ArmTrials) => String(trials.filter(({ id }) => done.has(id)).length),
          },
        ]),
    ...(sized
      ? [
          { ...COSTLY, head: 'parameters', text: (row: ArmTrials) => size(row, 'parameters') },
          { ...COSTLY, head: 'memory', text: (row: ArmTrials) => size(row, 'memory_bytes') },
        ]
      : []),
    ...(time.estimated === 0
      ? []
      : [
          {
            ...COSTLY,
            head: 'time a trial',
            text: ({ trials }: ArmTrials) => timeText(overview, trials[0]!, timeOf),
          },
        ]),
  ];
}

const COSTLY = { right: true, costly: true } as const;

function first<Item>(count: number, items: Iterable<Item>): readonly Item[] {
  const found: Item[] = [];
  for (const item of items) if (found.push(item) === count) break;
  return found;
}

/** The columns of the table of trials. */
export function trialColumns({ done }: PlanOverview): readonly Column<Trial>[] {
  return [
    { head: 'trial', text: ({ id }) => id },
    { head: 'seed', right: true, text: ({ seed }) => String(seed) },
    { head: 'hash', text: ({ hash }) => hash.slice(0, 12) },
    ...(done.size === 0 ? [] : [{ head: 'done in', text: ({ id }: Trial) => done.get(id) ?? '' }]),
  ];
}

/** What is to be said about the plan as a whole, by subject. */
export function planNotes(
  overview: PlanOverview,
): readonly { readonly subject: string; readonly lines: readonly string[] }[] {
  const { rules, merged, idle, fractions } = overview;
  return [
    { subject: 'Conditions', lines: rules.map(ruleText) },
    {
      subject: 'Arms that are the same trials',
      lines: merged.map(({ trials_of, arms }) => `${listed(arms)}: those of ${trials_of}`),
    },
    { subject: 'Keys that change nothing', lines: idle },
    {
      subject: 'Fractions',
      lines: fractions.flatMap(({ at, fraction, resolution, generators, aliases }) => [
        `${at}: ${fraction} of the subsets, resolution ${resolution}`,
        ...generators.map((text) => `  made: ${text}`),
        ...(aliases.length === 0 ? ['  no effect of one or two factors is mixed with another'] : []),
        ...aliases.map((text) => `  mixed: ${text}`),
      ]),
    },
    { subject: 'Data', lines: dataLines(overview) },
    { subject: 'Time', lines: timeLines(overview) },
  ].filter(({ lines }) => lines.length > 0);
}

/** `4 arms, 8 trials`, and how many of them are done. */
export function planHead({ plan, done }: PlanOverview): string {
  const size = `${plural(plan.arms.length, 'arm')}, ${plural(plan.trials.length, 'trial')}`;
  return `${plan.name}: ${size}${done.size === 0 ? '' : `, ${done.size} done in earlier runs`}`;
}

function seedsText(trials: readonly Trial[]): string {
  if (trials.length === 1) return String(trials[0]!.seed);
  const seeds = trials.map(({ seed }) => seed);
  const consecutive = seeds.every((seed, index) => index === 0 || seed === seeds[index - 1]! + 1);
  if (seeds.length > 3 && consecutive) return `${seeds[0]}…${seeds.at(-1)}`;
  return seeds.length > 8 ? `${seeds.slice(0, 8).join(' ')} …` : seeds.join(' ');
}

function timeText({ done }: PlanOverview, trial: Trial, timeOf: PlanOverview['timeOf']): string {
  const estimate = timeOf(trial);
  if (estimate === null) return done.has(trial.id) ? '0 s' : '–';
  return `${MARKS[estimate.basis]}${duration(estimate.seconds)}`;
}

/** Of a time, what it rests on. */
const MARKS = { measured: '', probed: '≈ ', scaled: '~ ' };

function ruleText({ rule, condition, points, examples }: PlanOverview['rules'][number]): string {
  const effect = rule.includes('.when.') ? 'the axis is not there in' : 'leaves out';
  const shown = examples.map((label) => `(${label})`).join(' ');
  const what = points === 0 ? 'does nothing' : `${effect} ${plural(points, 'point')}: ${shown}`;
  return `${rule} ${conditionText(condition)} ${what}${points > examples.length ? ' …' : ''}`;
}

function conditionText(condition: Condition): string {
  return JSON.stringify(condition)
    .replaceAll('"', '')
    .replaceAll(/([:,])/g, '$1 ');
}

function dataLines({ plan, dataOf }: PlanOverview): readonly string[] {
  const seen = new Set<string>();
  return plan.trials.flatMap(({ config }) => {
    const { cached, vocabulary } = dataOf(config);
    if (cached === null || seen.has(cached.digest)) return [];
    seen.add(cached.digest);
    const unit = config.task === 'language-model' ? 'tokens' : 'examples';
    const counts = Object.entries(cached.counts).map(([split, count]) => {
      const balance = cached.classes.map(({ name, counts: own }) => `${name} ${share(own[split] ?? 0, count)}`);
      const classes = balance.length === 0 || balance.length > 12 ? '' : ` (${balance.join(', ')})`;
      return `${split} ${grouped(count)}${classes}`;
    });
    return [`${unit}: ${counts.join(', ')}; vocabulary ${vocabulary === null ? 'unknown' : grouped(vocabulary)}`];
  });
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}

/** The total, and what of it is measured, probed, scaled and guessed. */
function timeLines({ time, probe }: PlanOverview): readonly string[] {
  const { measured, probed, scaled } = time.bases;
  const parts = [
    measured > 0 ? `${measured} measured in earlier runs` : null,
    probed > 0 ? `${probed} by timed steps (≈)` : null,
    scaled > 0 ? `${scaled} scaled by computation from the nearest of these or of an earlier run (~)` : null,
  ].filter((part) => part !== null);
  const shapes = (probe?.shapes ?? []).map(({ trial, trials, engine, timing }) => {
    const who = `${trial}${trials === 1 ? '' : ` and ${plural(trials - 1, 'trial')} like it`}`;
    if (!timing.works) return `  ${who}: not timed on ${engine}: ${timing.reason}`;
    const { steps_per_second, evaluations_per_second, startup_seconds } = timing;
    return `  ${who}: ${rate(steps_per_second)} steps/s, evaluates ${rate(evaluations_per_second)} batches/s, starts in ${duration(startup_seconds)} (${engine})`;
  });
  return [
    totalText(time),
    ...(time.estimated === 0 ? [] : [`trials: ${parts.join(', ')}`]),
    ...(shapes.length === 0 ? [] : ['timed steps, one process alone:', ...shapes]),
    ...(probe?.guessed ?? []).map((what) => `guessed: ${what}`),
  ];
}

function totalText({ jobs, trials, estimated, work_seconds, wall_seconds }: TimeTotal): string {
  if (trials === 0) return 'nothing is left to run';
  if (work_seconds === null) return 'not known: no earlier run here is like these trials; --probe times some steps';
  const part = estimated === trials ? '' : ` for ${estimated} of ${trials} trials`;
  const wall = jobs === 1 ? '' : `; about ${duration(wall_seconds)} with --jobs ${jobs}`;
  return `about ${duration(work_seconds)} of work${part}${wall}`;
}

function listed(ids: readonly string[]): string {
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
}

function plural(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;
}
