import { parse } from 'yaml';
import type { WantedArm } from '../../expect/match-arm.js';
import { compose } from '../../pipeline/compose.js';
import { parseYaml } from '../../pipeline/parse-yaml.js';
import { sourceText } from '../../pipeline/source-text.js';
import { MOST_DECIMALS, withWrittenDecimals } from '../../pipeline/written-decimals.js';
import { isObject, type Note } from './fields.js';

export type Language = 'en' | 'zh';

export type Template = 'comparison' | 'epochs' | 'blocks';

export type SectionName =
  | 'results'
  | 'epochs'
  | 'classes'
  | 'statistics'
  | 'figures'
  | 'generated'
  | 'model'
  | 'timing'
  | 'provenance';

/** Published figures of one arm, to stand beside ours. */
export interface Reference {
  readonly arm: WantedArm;
  readonly metrics: { readonly [metric: string]: number };
  /** Digits after the point as they are written, of figures whose number has fewer: 2 of `0.90`. */
  readonly decimals?: { readonly [metric: string]: number };
  readonly source: string | null;
}

/** A table of one metric over settings, as the pipeline asks for it. */
export interface PivotSettings {
  readonly title: string | null;
  /** Setting paths; `arm` is the arm's name. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly metric: string;
  readonly baseline: WantedArm | null;
  readonly digits: number;
  readonly sort: 'plan' | 'ascending' | 'descending';
  readonly highlight: 'best' | 'none';
}

/** The pipeline's `report` block with its defaults. */
export interface ReportSettings {
  readonly title: string | null;
  readonly description: string | null;
  readonly language: Language;
  readonly template: Template;
  readonly baseline: WantedArm | null;
  readonly tables: readonly PivotSettings[];
  readonly sections: { readonly [name in SectionName]: boolean };
  readonly notes: readonly string[];
  readonly reference: readonly Reference[];
}

const SECTIONS: readonly SectionName[] = [
  'results',
  'epochs',
  'classes',
  'statistics',
  'figures',
  'generated',
  'model',
  'timing',
  'provenance',
];

/** What a pipeline says to its report. */
export interface PipelineSettings {
  readonly settings: ReportSettings;
  /** The lines of `expect`. */
  readonly claims: readonly string[];
}

/** The settings in a pipeline's text; what it does not say, or says in a wrong type, is the default. */
export function readPipelineSettings(text: string, note: Note): PipelineSettings {
  let pipeline: unknown;
  try {
    pipeline = parse(text, { merge: true, logLevel: 'error' });
  } catch (error) {
    note(`cannot be parsed: ${(error as Error).message.split('\n')[0]}`);
  }
  const { report, description, expect } = isObject(pipeline) ? pipeline : {};
  const settings = withDecimalsIn(text, reportSettings(report, description));
  return { settings, claims: claimsOf(expect) };
}

/** Settings whose published figures have the decimals that they are written with in the pipeline's text, where none are known. */
export function withDecimalsIn(text: string, settings: ReportSettings): ReportSettings {
  const { reference } = settings;
  if (reference.length === 0 || reference.some(({ decimals }) => decimals !== undefined)) return settings;
  const source = sourceText('pipeline.yaml', text);
  const { document } = parseYaml(source);
  return document === null ? settings : withWrittenDecimals(settings, compose(document, source).position);
}

/** The lines of an `expect` block, which may be absent. */
export function claimsOf(expect: unknown): readonly string[] {
  return listOf(expect).filter((claim) => typeof claim === 'string');
}

/** Settings from a resolved `report` block and description, each of which may be absent. */
export function reportSettings(report: unknown, description: unknown): ReportSettings {
  const block = isObject(report) ? report : {};
  const sections = isObject(block.sections) ? block.sections : {};
  return {
    title: textOf(block.title),
    description: textOf(description),
    language: block.language === 'zh' ? 'zh' : 'en',
    template: block.template === 'epochs' || block.template === 'blocks' ? block.template : 'comparison',
    baseline: wantedArm(block.baseline),
    tables: listOf(block.tables).flatMap(pivotOf),
    sections: Object.fromEntries(
      SECTIONS.map((name) => [name, sections[name] !== false]),
    ) as ReportSettings['sections'],
    notes: listOf(block.notes).filter((entry) => typeof entry === 'string'),
    reference: listOf(block.reference).flatMap(referenceOf),
  };
}

function referenceOf(entry: unknown): readonly Reference[] {
  if (!isObject(entry) || !isObject(entry.metrics)) return [];
  const { metrics } = entry;
  const arm = wantedArm(entry.arm);
  if (arm === null) return [];
  const figures = Object.entries(metrics).filter((pair): pair is [string, number] => typeof pair[1] === 'number');
  const decimals = Object.entries(isObject(entry.decimals) ? entry.decimals : {}).filter(isDecimals);
  return [
    {
      arm,
      metrics: Object.fromEntries(figures),
      ...(decimals.length === 0 ? {} : { decimals: Object.fromEntries(decimals) }),
      source: textOf(entry.source),
    },
  ];
}

function isDecimals(pair: [string, unknown]): pair is [string, number] {
  const [, value] = pair;
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_DECIMALS;
}

function pivotOf(entry: unknown): readonly PivotSettings[] {
  if (!isObject(entry) || typeof entry.metric !== 'string') return [];
  const { metric, digits, sort } = entry;
  const rows = listOf(entry.rows).filter((path) => typeof path === 'string');
  if (rows.length === 0) return [];
  return [
    {
      title: textOf(entry.title),
      rows,
      columns: listOf(entry.columns).filter((path) => typeof path === 'string'),
      metric,
      baseline: wantedArm(entry.baseline),
      digits: typeof digits === 'number' && digits >= 0 && digits <= 10 ? Math.round(digits) : 4,
      sort: sort === 'ascending' || sort === 'descending' ? sort : 'plan',
      highlight: entry.highlight === 'none' ? 'none' : 'best',
    },
  ];
}

function wantedArm(value: unknown): WantedArm | null {
  return typeof value === 'string' || isObject(value) ? (value as WantedArm) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
