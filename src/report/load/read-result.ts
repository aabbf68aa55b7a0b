import type { EngineInfo } from '../../engine/engine-info.js';
import type {
  ClassMetrics,
  EpochRecord,
  SplitMetrics,
  SplitName,
  TrialResult,
  TrialState,
} from '../../trial/result.js';
import { type Fields, fieldsOf, isObject, type Note } from './fields.js';

const STATES: readonly string[] = ['complete', 'failed', 'diverged', 'timed_out', 'killed', 'cancelled', 'skipped'];
export const SPLITS: readonly SplitName[] = ['train', 'validation', 'test'];

/** A trial's result.json, or null when it does not even say how the trial ended. */
export function readResult(result: Fields, note: Note): TrialResult | null {
  const state = result.text('state');
  if (!STATES.includes(state)) {
    note(`expected a trial state at state, found ${JSON.stringify(state)}`);
    return null;
  }
  const error = result.object('error');
  const generated = result.value('generated') === undefined ? null : readGenerated(result, note);
  const digest = result.optionalText('weights_digest');
  const reused = result.optionalText('reused_from');
  return {
    schema: 1,
    trial: result.text('trial'),
    arm: result.text('arm'),
    seed: result.number('seed'),
    hash: result.text('hash'),
    state: state as TrialState,
    metrics: splitsOf(result.object('metrics'), note),
    epochs: result.list('epochs').flatMap((epoch, index) => readEpoch(epoch, `epochs[${index}]`, note) ?? []),
    timing: readTiming(result.object('timing')),
    engine: readEngine(result.object('engine')),
    model: readModel(result.object('model')),
    data: readDataFacts(result.object('data')),
    ...(generated === null ? {} : { generated }),
    ...(digest === null ? {} : { weights_digest: digest }),
    ...(reused === null ? {} : { reused_from: reused }),
    peak_memory_bytes: result.number('peak_memory_bytes'),
    warnings: texts(result.list('warnings')),
    ...(error === null ? {} : { error: readError(error) }),
  };
}

function readEpoch(value: unknown, where: string, note: Note): EpochRecord | null {
  const fields = fieldsOf(value, where, note);
  if (fields === null) return null;
  const { train, ...evaluated } = splitsOf(fields, note);
  return {
    epoch: fields.number('epoch'),
    train: train ?? { loss: Number.NaN },
    ...evaluated,
    lr: fields.number('lr'),
    train_seconds: fields.number('train_seconds'),
    evaluate_seconds: fields.number('evaluate_seconds'),
    batches: fields.number('batches'),
    batches_per_second: fields.number('batches_per_second'),
    tokens_per_second: fields.number('tokens_per_second'),
  };
}

function splitsOf(fields: Fields | null, note: Note): { readonly [split in SplitName]?: SplitMetrics } {
  const splits: { [split in SplitName]?: SplitMetrics } = {};
  for (const split of SPLITS) {
    const metrics = fields?.object(split);
    if (metrics) splits[split] = readSplit(metrics, note);
  }
  return splits;
}

function readSplit(fields: Fields, note: Note): SplitMetrics {
  const numbers: { [metric: string]: number } = {};
  for (const key of fields.keys()) {
    if (key !== 'per_class' && key !== 'confusion_matrix') numbers[key] = fields.number(key);
  }
  const perClass = fields.value('per_class');
  const matrix = fields.value('confusion_matrix');
  return {
    loss: Number.NaN,
    ...numbers,
    ...(Array.isArray(perClass) ? { per_class: perClass.flatMap((entry) => readClass(entry, note) ?? []) } : {}),
    ...(isMatrix(matrix) ? { confusion_matrix: matrix } : {}),
  };
}

function readClass(value: unknown, note: Note): ClassMetrics | null {
  const fields = fieldsOf(value, 'per_class', note);
  if (fields === null) return null;
  return {
    label: fields.text('label'),
    precision: fields.number('precision'),
    recall: fields.number('recall'),
    f1: fields.number('f1'),
    support: fields.number('support'),
  };
}

function isMatrix(value: unknown): value is readonly (readonly number[])[] {
  return (
    Array.isArray(value) &&
    value.every((row) => Array.isArray(row) && row.length === value.length && row.every(Number.isFinite))
  );
}

function readTiming(fields: Fields | null): TrialResult['timing'] {
  const seconds = (key: string): number => fields?.number(key) ?? Number.NaN;
  const predict = fields?.optionalNumber('predict_seconds') ?? null;
  return {
    total_seconds: seconds('total_seconds'),
    startup_seconds: seconds('startup_seconds'),
    data_seconds: seconds('data_seconds'),
    train_seconds: seconds('train_seconds'),
    evaluate_seconds: seconds('evaluate_seconds'),
    ...(predict === null ? {} : { predict_seconds: predict }),
    batches_per_second: seconds('batches_per_second'),
    tokens_per_second: seconds('tokens_per_second'),
  };
}

function readEngine(fields: Fields | null): EngineInfo | null {
  if (fields === null) return null;
  return {
    name: fields.text('name') as EngineInfo['name'],
    variant: fields.text('variant'),
    threads: fields.number('threads'),
    device: fields.text('device'),
  };
}

function readModel(fields: Fields | null): TrialResult['model'] {
  if (fields === null) return null;
  return {
    text: fields.text('text'),
    parameters: fields.number('parameters'),
    trainable_parameters: fields.number('trainable_parameters'),
  };
}

function readDataFacts(fields: Fields | null): TrialResult['data'] {
  if (fields === null) return null;
  const counts = fields.object('counts');
  const classCounts = fields.value('class_counts');
  const coverage = fields.optionalNumber('vector_coverage');
  return {
    digest: fields.text('digest'),
    source_digest: fields.text('source_digest'),
    vocabulary: fields.number('vocabulary'),
    classes: texts(fields.list('classes')),
    counts: Object.fromEntries(
      SPLITS.flatMap((split) => {
        const count = counts?.optionalNumber(split) ?? null;
        return count === null ? [] : [[split, count]];
      }),
    ),
    ...(Array.isArray(classCounts) && classCounts.every(Number.isFinite) ? { class_counts: classCounts } : {}),
    ...(coverage === null ? {} : { vector_coverage: coverage }),
  };
}

function readGenerated(result: Fields, note: Note): NonNullable<TrialResult['generated']> {
  return result.list('generated').flatMap((entry, index) => {
    const fields = fieldsOf(entry, `generated[${index}]`, note);
    return fields === null ? [] : [{ prefix: fields.text('prefix'), text: fields.text('text') }];
  });
}

function readError(fields: Fields): NonNullable<TrialResult['error']> {
  const hint = fields.optionalText('hint');
  return { code: fields.text('code'), message: fields.text('message'), ...(hint === null ? {} : { hint }) };
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.map((value) =>
    typeof value === 'string' || isObject(value) === false ? String(value) : JSON.stringify(value),
  );
}
