import type { ClassSummary, ReportArm, SplitClasses } from '../report-data.js';
import { escapeInline } from './escape.js';
import { countText, styleOf, summaryText } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

const MOST_ARMS = 24;
const MOST_CLASSES = 12;

interface ArmClasses {
  readonly arm: ReportArm;
  readonly classes: SplitClasses;
}

/** Figures per class of the split that results are judged on, and confusion matrices summed over seeds. */
export const classSection: Section = (context) => {
  const { data, label } = context;
  // Splits come in the order train, validation, test.
  const measured = data.arms.flatMap((arm) => arm.classes.slice(-1).map((classes): ArmClasses => ({ arm, classes })));
  if (measured.length === 0) return [];
  const heading = `## ${label('classes')}`;
  if (measured.length > MOST_ARMS) return [heading, label('too-many', { n: measured.length })];
  return [heading, ...figureTable(measured, context), ...matrices(measured, context)];
};

function figureTable(measured: readonly ArmClasses[], { label, names }: SectionContext): readonly string[] {
  const rows = measured.flatMap(({ arm, classes }) => classes.per_class.map((entry) => ({ arm, entry })));
  if (rows.length === 0) return [];
  const figure = (name: Exclude<keyof ClassSummary, 'label'>): Column => ({
    header: label(name),
    align: 'right',
    cells: rows.map(({ entry }) => summaryText(entry[name], styleOf(name))),
  });
  return [
    tableOf([
      ...(measured.length > 1 ? [{ header: label('arm'), cells: rows.map(({ arm }) => names.of(arm.id)) }] : []),
      { header: label('class'), cells: rows.map(({ entry }) => escapeInline(entry.label)) },
      ...(['precision', 'recall', 'f1', 'support'] as const).map(figure),
    ]),
  ];
}

function matrices(measured: readonly ArmClasses[], context: SectionContext): readonly string[] {
  const { label, names } = context;
  const withMatrix = measured.filter(({ classes }) => classes.confusion_matrix !== null);
  if (withMatrix.length === 0) return [];
  const size = Math.max(...withMatrix.map(({ classes }) => classes.confusion_matrix!.length));
  const heading = `### ${label('confusion-matrix')}`;
  if (size > MOST_CLASSES) return [heading, label('classes.too-large', { n: size })];
  return [
    heading,
    label('classes.summed'),
    ...withMatrix.flatMap(({ arm, classes }) => [
      ...(measured.length > 1 ? [`**${names.of(arm.id)}**`] : []),
      matrixTable(classes, context),
    ]),
  ];
}

function matrixTable({ confusion_matrix, labels }: SplitClasses, { label }: SectionContext): string {
  const matrix = confusion_matrix!;
  const nameOf = (index: number): string => escapeInline(labels[index] ?? String(index));
  return tableOf([
    { header: label('actual-predicted'), cells: matrix.map((_, i) => nameOf(i)) },
    ...matrix.map(
      (_, j): Column => ({ header: nameOf(j), align: 'right', cells: matrix.map((row) => countText(row[j]!)) }),
    ),
  ]);
}
