import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import { suggestName } from './nearest-name.js';
import type { RawPart, RawParts } from './raw-part.js';

/** The classes of a data set and which of them each label of the data means. */
export interface LabelMap {
  /** Names to show, in order. */
  readonly classes: readonly string[];
  /** Label as in the data → index into `classes`. */
  readonly index: ReadonlyMap<string, number>;
}

/**
 * The classes in order: those of `data.labels`, else the folders of `data.train`, else the labels sorted (numbers by
 * value). A mapping's values are the names to show; labels mapped to one name are one class. A label of any part that
 * has no class is a DataError that says where it stands.
 */
export function createLabelMap(config: DataConfig, parts: RawParts): LabelMap {
  const index = new Map<string, number>();
  const classes: string[] = [];
  for (const [label, name] of namedLabels(config, parts.train)) {
    if (!classes.includes(name)) classes.push(name);
    index.set(label, classes.indexOf(name));
  }
  for (const part of [parts.train, parts.validation, parts.test]) {
    part?.label_names.forEach((label, i) => {
      if (!index.has(label)) throw unknownLabel(label, part.label_places[i]!, config, [...index.keys()]);
    });
  }
  if (classes.length >= 2) return { classes, index };
  throw new DataError(
    `The training part has only ${classes.length} class: ${classes.join(', ')}; expected at least 2.`,
    {
      code: 'DATA_LABEL',
      hint: 'Is `data.columns.label` the right column, and does `data.max_examples` leave every class some rows?',
    },
  );
}

/** [N]: the class of each text of a part. */
export function classIndices(part: RawPart, { index }: LabelMap): Int32Array {
  const classOf = part.label_names.map((label) => index.get(label)!);
  return part.labels.map((label) => classOf[label]!);
}

function namedLabels(config: DataConfig, train: RawPart): readonly (readonly [string, string])[] {
  if (Array.isArray(config.labels)) return config.labels.map((label) => [String(label), String(label)]);
  if (config.labels !== null) return Object.entries(config.labels as { readonly [label: string]: string });
  const names = config.format === 'folders' ? train.label_names : [...train.label_names].sort(compareLabels(train));
  return names.map((name) => [name, name]);
}

function compareLabels({ label_names }: RawPart): (a: string, b: string) => number {
  const numeric = label_names.every((name) => /^-?\d+(\.\d+)?$/.test(name));
  return numeric ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
}

function unknownLabel(label: string, place: string, config: DataConfig, known: readonly string[]): DataError {
  const source = config.labels === null ? 'the training part' : '`data.labels`';
  return new DataError(`${place}: the label "${label.slice(0, 60)}" is not one of those of ${source}.`, {
    code: 'DATA_LABEL',
    hint: suggestName(label.slice(0, 60), known),
  });
}
