import { evaluateClaims } from '../expect/evaluate-claims.js';
import { type ArmConfigs, type ArmFinder, armFinder, type WantedArm } from '../expect/match-arm.js';
import type { Arm } from '../plan/plan.js';
import { baselineOf, metricsToCompare, pairsToCompare } from './comparisons.js';
import type { PipelineSettings, ReportSettings } from './load/report-settings.js';
import { pivotTable } from './pivot.js';
import { plainTables } from './plain-tables.js';
import { referencesOf } from './references.js';
import type { ReportArm, ReportData } from './report-data.js';
import type { RunProblem } from './run-data.js';
import { compareArms } from './statistics/comparison.js';
import { armGroups } from './statistics/groups.js';

export interface Layout extends PipelineSettings {
  readonly configs: ArmConfigs;
}

/** What of a report follows from the pipeline's settings and claims. */
type LaidOut = Pick<
  ReportData,
  'report' | 'baseline' | 'tables' | 'references' | 'comparisons' | 'groups' | 'claims'
> & {
  /** Arms that the settings name and that the run does not have. */
  readonly misnamed: readonly RunProblem[];
};

/** The parts of a report that its pipeline's settings and claims make of the arms' figures. */
export function layOut(arms: readonly ReportArm[], { settings, claims, configs }: Layout): LaidOut {
  const finder = armFinder(configs);
  const baseline = baselineOf(arms, { baseline: settings.baseline, finder });
  const comparisons = metricsToCompare(arms).flatMap((metric) =>
    compareArms(metric, pairsToCompare(arms, { baseline, metric })),
  );
  return {
    report: settings,
    baseline: baseline?.id ?? null,
    tables: (settings.tables.length > 0 ? settings.tables : plainTables(arms)).map((table) =>
      pivotTable(table, arms, finder),
    ),
    references: referencesOf(settings, arms, finder),
    comparisons,
    groups: armGroups(arms, comparisons),
    claims: evaluateClaims(claims, { arms, finder }),
    misnamed: misnamedArms(settings, arms, finder),
  };
}

/** A report that was made already with the settings and claims of another pipeline; its figures stay. */
export function laidOutAnew(data: ReportData, layout: Layout): ReportData {
  const { misnamed, ...laidOut } = layOut(data.arms, layout);
  const { title, description } = layout.settings;
  return {
    ...data,
    run: { ...data.run, title: title ?? data.run.name, description },
    ...laidOut,
    problems: [...data.problems.filter(({ message }) => !message.includes(MISNAMED)), ...misnamed],
  };
}

const MISNAMED = 'names no arm of this run';

function misnamedArms(settings: ReportSettings, arms: readonly Arm[], finder: ArmFinder): readonly RunProblem[] {
  const named: readonly (readonly [where: string, wanted: WantedArm | null])[] = [
    ['report.baseline', settings.baseline],
    ...settings.tables.map(({ baseline }, i) => [`report.tables[${i}].baseline`, baseline] as const),
    ...settings.reference.map(({ arm }, i) => [`report.reference[${i}].arm`, arm] as const),
  ];
  return named.flatMap(([where, wanted]) =>
    wanted === null || arms.some((arm) => finder.matches(arm, wanted))
      ? []
      : [{ file: 'pipeline.yaml', message: `${where} ${MISNAMED}: ${JSON.stringify(wanted)}` }],
  );
}
