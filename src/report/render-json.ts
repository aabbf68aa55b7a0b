import type { ReportData } from './report-data.js';

/** A report as JSON (`schemas/run.schema.json`), without a line break at its end; numbers that are none are null. */
export function renderJson(data: ReportData): string {
  return jsonText(data, '');
}

/** Indented by two, with a line each for lists of scalars, for objects of these and of scalars, and for an epoch. */
function jsonText(value: unknown, indent: string): string {
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  if (isOneLine(value) || isEpoch(value)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Array.isArray(value)
    ? value.map((item) => jsonText(item, inner))
    : Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [`${JSON.stringify(key)}: ${jsonText(item, inner)}`],
      );
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

function isOneLine(value: object): boolean {
  const members: readonly unknown[] = Object.values(value);
  const isFlat = (member: unknown): boolean => !isObject(member) || (Array.isArray(member) && !member.some(isObject));
  return members.every(Array.isArray(value) ? (member) => !isObject(member) : isFlat);
}

/** Of which there are many, with many figures. */
function isEpoch(value: object): boolean {
  return 'epoch' in value && 'metrics' in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
