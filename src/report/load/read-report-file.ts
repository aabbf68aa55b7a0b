import { readFileSync } from 'node:fs';
import { ReportError } from '../../errors.js';
import type { ReportData } from '../report-data.js';
import { withoutPlaces } from '../without-places.js';

/**
 * A report from what `report --format json` wrote (`schemas/run.schema.json`), so that a committed report can be checked,
 * compared and printed in every format without its run. Throws a ReportError for anything else.
 */
export async function readReportText(text: string, file: string): Promise<ReportData> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ReportError(`expected a report as JSON in ${file}: ${(error as Error).message}`, {
      code: 'REPORT_FILE',
      hint: HINT,
      cause: error,
    });
  }
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, allowUnionTypes: true });
  const schema = JSON.parse(readFileSync(new URL('../../../schemas/run.schema.json', import.meta.url), 'utf8'));
  if (ajv.validate(schema, data)) return withoutPlaces(data as ReportData);
  const [first] = ajv.errors ?? [];
  throw new ReportError(
    `expected a report as JSON in ${file}: ${first?.instancePath || 'it'} ${first?.message ?? 'is something else'}`,
    {
      code: 'REPORT_FILE',
      hint: HINT,
    },
  );
}

const HINT = 'write one with `report RUN --format json --output FILE`, by the same version of Sweepline';
