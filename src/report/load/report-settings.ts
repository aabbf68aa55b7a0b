import { parse } from 'yaml';
import type { SettingValue } from '../../plan/plan.js';
import { isObject, type Note } from './fields.js';

export type Language = 'en' | 'zh';

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
interface Reference {
  /** The arm's label or id, or settings that it has. */
  readonly arm: string | { readonly [path: string]: SettingValue };
  readonly metrics: { readonly [metric: string]: number };
  readonly source: string | null;
}

/** The pipeline's `report` block with its defaults. */
export interface ReportSettings {
  readonly title: string | null;
  readonly description: string | null;
  readonly language: Language;
  readonly baseline: { readonly [path: string]: SettingValue } | null;
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

/** The settings in a pipeline's text; what it does not say, or says in a wrong type, is the default. */
export function readPipelineSettings(text: string, note: Note): ReportSettings {
  let pipeline: unknown;
  try {
    pipeline = parse(text, { merge: true, logLevel: 'error' });
  } catch (error) {
    note(`cannot be parsed: ${(error as Error).message.split('\n')[0]}`);
  }
  return isObject(pipeline) ? reportSettings(pipeline.report, pipeline.description) : reportSettings(null, null);
}

/** Settings from a resolved `report` block and description, each of which may be absent. */
export function reportSettings(report: unknown, description: unknown): ReportSettings {
  const block = isObject(report) ? report : {};
  const sections = isObject(block.sections) ? block.sections : {};
  return {
    title: textOf(block.title),
    description: textOf(description),
    language: block.language === 'zh' ? 'zh' : 'en',
    baseline: isObject(block.baseline) ? (block.baseline as Reference['metrics']) : null,
    sections: Object.fromEntries(
      SECTIONS.map((name) => [name, sections[name] !== false]),
    ) as ReportSettings['sections'],
    notes: listOf(block.notes).filter((entry) => typeof entry === 'string'),
    reference: listOf(block.reference).flatMap(referenceOf),
  };
}

function referenceOf(entry: unknown): readonly Reference[] {
  if (!isObject(entry) || !isObject(entry.metrics)) return [];
  const { arm, metrics } = entry;
  if (typeof arm !== 'string' && !isObject(arm)) return [];
  const figures = Object.entries(metrics).filter((pair): pair is [string, number] => typeof pair[1] === 'number');
  return [{ arm: arm as Reference['arm'], metrics: Object.fromEntries(figures), source: textOf(entry.source) }];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
