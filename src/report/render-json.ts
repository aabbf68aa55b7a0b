import type { ReportData } from './report-data.js';

/** A report as JSON (`schemas/run.schema.json`), without a line break at its end; numbers that are none are null. */
export function renderJson(data: ReportData): string {
  return JSON.stringify(data, null, 2);
}
