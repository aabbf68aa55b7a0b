import type { Labels } from '../labels.js';
import type { ArmNames } from '../markdown/arm-names.js';
import type { ReportData } from '../report-data.js';

/** A vega-lite specification, or a part of one. */
export interface Spec {
  readonly [key: string]: unknown;
}

export interface Figure {
  /** Of its file, without `.svg`: the same for the same kind of figure in every run. */
  readonly name: string;
  /** What a reader who cannot see it is told; plain text. */
  readonly title: string;
  /** What stands under it; plain text. */
  readonly caption: string;
  readonly spec: Spec;
}

export interface FigureContext {
  readonly data: ReportData;
  readonly label: Labels;
  readonly names: ArmNames;
}
