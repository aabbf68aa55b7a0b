import type { Labels } from '../labels.js';
import type { ReportData } from '../report-data.js';
import type { ArmNames } from './arm-names.js';

export interface SectionContext {
  readonly data: ReportData;
  readonly label: Labels;
  readonly names: ArmNames;
  /** The folder of the figures as links to them name it: `figures`. */
  readonly figuresFolder: string;
}

/** Blocks of Markdown, one under another; none when there is nothing to say. */
export type Section = (context: SectionContext) => readonly string[];
