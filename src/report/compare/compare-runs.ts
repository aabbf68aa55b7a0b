import type { ArmConfigs } from '../../expect/match-arm.js';
import { mainMetric } from '../metrics.js';
import type { ReportArm, ReportData, Summary } from '../report-data.js';
import { type Comparison, compareArms } from '../statistics/comparison.js';
import { type ConfigChange, type ConfigPair, configChanges } from './config-changes.js';

/** A fact of runs that is not the same for all of them, as each has it. */
export interface RunChange {
  readonly fact: 'commit' | 'sweepline' | 'node' | 'machine' | 'engines' | 'data' | 'seeds' | 'command';
  readonly values: readonly string[];
}

/** One arm in every run. */
export interface ArmAcrossRuns {
  readonly label: string;
  /** In the order of the runs; null where a run has no such arm, or no figure of it. */
  readonly summaries: readonly (Summary | null)[];
  /** Against the first run, paired by seed; null for the first, and where fewer than two seeds are common. */
  readonly comparisons: readonly (Comparison | null)[];
  /** Whether a run's weights are the first's, bit for bit, for every seed that both have; null where that is not known. */
  readonly same_bits: readonly (boolean | null)[];
}

export interface RunsComparison {
  readonly schema: 1;
  readonly metric: string;
  readonly runs: readonly { readonly id: string; readonly title: string; readonly started: string | null }[];
  readonly changes: readonly RunChange[];
  /** Of arms that are in both, against the first run; null for the first, and where no such arm's configuration is known. */
  readonly configurations: readonly (readonly ConfigChange[] | null)[];
  readonly arms: readonly ArmAcrossRuns[];
}

/** A run, and its arms' configurations: a report as JSON has none. */
export interface ComparedRun {
  readonly data: ReportData;
  readonly configs: ArmConfigs;
}

/** Compares runs arm by arm with the first of them; arms are the same where their labels are. Null when nothing was measured. */
export function compareRuns(compared: readonly ComparedRun[], wanted: string | null = null): RunsComparison | null {
  const runs = compared.map(({ data }) => data);
  const metric = wanted ?? runs.map(({ arms }) => mainMetric(arms)).find((found) => found !== null) ?? null;
  if (metric === null) return null;
  const labels = [...new Set(runs.flatMap(({ arms }) => arms.map(({ label }) => label)))];
  const found = labels.map((label) => runs.map(({ arms }) => arms.find((arm) => arm.label === label) ?? null));
  const families = runs.map((_, k) => comparisonsWithFirst(k, { metric, labels, found }));
  return {
    schema: 1,
    metric,
    runs: runs.map(({ run }) => ({ id: run.id, title: run.title, started: run.info?.started ?? null })),
    changes: changesOf(runs),
    configurations: compared.map((_, k) => (k === 0 ? null : configChanges(configPairs(k)))),
    arms: labels.map((label, i) => ({
      label,
      summaries: found[i]!.map((arm) => summaryOf(arm, metric)),
      comparisons: families.map((family) => family.get(label) ?? null),
      same_bits: found[i]!.map((arm) => sameBits(found[i]![0] ?? null, arm)),
    })),
  };

  function configPairs(k: number): readonly ConfigPair[] {
    const configIn = (run: number, i: number): unknown => compared[run]!.configs.get(found[i]![run]?.id ?? '');
    return labels.flatMap((label, i) => {
      const [before, after] = [configIn(0, i), configIn(k, i)];
      return before === undefined || after === undefined ? [] : [{ label, before, after }];
    });
  }
}

/** Holm's family is all arms of one run. */
function comparisonsWithFirst(
  k: number,
  {
    metric,
    labels,
    found,
  }: {
    readonly metric: string;
    readonly labels: readonly string[];
    readonly found: readonly (readonly (ReportArm | null)[])[];
  },
): ReadonlyMap<string, Comparison> {
  if (k === 0) return new Map();
  const pairs = labels.flatMap((label, i) => {
    const [first, other] = [found[i]![0] ?? null, found[i]![k] ?? null];
    if (first === null || other === null) return [];
    return [
      [
        { id: label, summary: other.metrics[metric] },
        { id: label, summary: first.metrics[metric] },
      ] as const,
    ];
  });
  return new Map(compareArms(metric, pairs).map((comparison) => [comparison.arm, comparison]));
}

function summaryOf(arm: ReportArm | null, metric: string): Summary | null {
  const summary = arm?.metrics[metric];
  return summary?.mean == null ? null : summary;
}

function sameBits(first: ReportArm | null, other: ReportArm | null): boolean | null {
  if (first === null || other === null || first === other) return null;
  const digests = new Map(first.trials.map(({ seed, weights_digest }) => [seed, weights_digest]));
  const pairs = other.trials.flatMap(({ seed, weights_digest }) => {
    const before = digests.get(seed) ?? null;
    return before === null || weights_digest === null ? [] : [before === weights_digest];
  });
  return pairs.length === 0 ? null : pairs.every((same) => same);
}

function changesOf(runs: readonly ReportData[]): readonly RunChange[] {
  const facts: readonly (readonly [RunChange['fact'], (run: ReportData['run']) => string])[] = [
    ['commit', ({ info }) => (info?.git ? `${info.git.commit.slice(0, 12)}${info.git.dirty ? ' +' : ''}` : '–')],
    ['sweepline', ({ info }) => info?.sweepline ?? '–'],
    ['node', ({ info }) => info?.node ?? '–'],
    ['machine', ({ info }) => (info === null ? '–' : `${info.machine.host}: ${info.machine.cpu}`)],
    ['engines', ({ engines }) => engines.join('; ') || '–'],
    ['data', ({ datasets }) => datasets.map(({ digest }) => digest.slice(0, 12)).join('; ') || '–'],
    ['seeds', ({ seeds }) => seeds.join(', ') || '–'],
    ['command', ({ info }) => info?.command.join(' ') ?? '–'],
  ];
  return facts.flatMap(([fact, of]) => {
    const values = runs.map(({ run }) => of(run));
    return new Set(values).size > 1 ? [{ fact, values }] : [];
  });
}
