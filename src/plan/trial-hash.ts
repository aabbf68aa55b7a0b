import { createHash } from 'node:crypto';
import { inactiveKeys } from './active-keys.js';
import { canonicalText, type LeftOut } from './canonical-text.js';
import type { TrialConfig } from './trial-config.js';

/** Raised whenever the code computes other results from the same configuration. */
const RESULTS_VERSION = 1;

/** Digests of the bytes that a trial reads, where they are known. */
export interface InputDigests {
  /** sha256 of the data's source. */
  readonly data: string;
  /** sha256 of the pretrained vectors' source, null without any. */
  readonly vectors: string | null;
}

/**
 * The hash of each of an arm's trials, sha256 in hexadecimal over the canonical JSON of these fields:
 * - `results_version`: the version of the code's results;
 * - `config`: the resolved configuration without the keys that have no effect in it, and without `train.timeout`,
 *   which decides whether there is a result, not which; the engine is the one that was settled on, with its variant,
 *   once a run is frozen, without the device where the engine has one only; mappings whose order is the order of the classes (`data.train`, `data.validation`,
 *   `data.test`, `data.labels`) as lists of entries; the sources of data and vectors only while `inputs` is not there;
 * - `inputs`: the digests of the bytes that are read, once they are known, whatever file or address they came from;
 * - `seed`.
 */
export function trialHashes(
  config: TrialConfig,
  seeds: readonly number[],
  inputs: InputDigests | null = null,
): readonly string[] {
  const common = hashedText(config, inputs);
  return seeds.map((seed) => createHash('sha256').update(`${common},"seed":${seed}}`).digest('hex'));
}

/** The hash of one trial: see `trialHashes`. */
export function trialHash(config: TrialConfig, seed: number, inputs: InputDigests | null = null): string {
  return trialHashes(config, [seed], inputs)[0]!;
}

/**
 * Canonical JSON sorts keys, so that this is the text of {config, inputs, results_version, seed} up to the seed, put
 * together from the texts of the sections, which configurations share.
 */
function hashedText(config: TrialConfig, inputs: InputDigests | null): string {
  const selection = selectionOf(config, inputs !== null);
  let sections = '';
  for (const name of SECTIONS) {
    const leftOut = selection.leftOut.get(name);
    if (leftOut === true) continue;
    sections += `${sections === '' ? '' : ','}"${name}":${sectionText(name, config[name], { selection, leftOut })}`;
  }
  const digests = inputs === null ? '' : `"inputs":${canonicalText(inputs)},`;
  return `{"config":{${sections}},${digests}"results_version":${RESULTS_VERSION}`;
}

/** In the order of canonical JSON. */
const SECTIONS = ['data', 'engine', 'generate', 'loss', 'metrics', 'model', 'optimizer', 'task', 'train'] as const;
const NO_INPUT = ['train.timeout'];
const CPU_ENGINES: readonly string[] = ['native', 'wasm', 'cpu'];
const SOURCES = ['data.source', 'model.embedding.pretrained.source'];

/** What is left out of a configuration. Few different selections serve all configurations of a plan. */
interface Selection {
  readonly leftOut: LeftOut;
  /** The texts of sections under this selection. */
  readonly texts: Map<object, string>;
}

const MOST_TEXTS = 5_000;

const selections = new Map<string, Selection>();

function selectionOf(config: TrialConfig, digestsKnown: boolean): Selection {
  const inactive = inactiveKeys(config);
  const onCpu = CPU_ENGINES.includes(config.engine.name);
  const key = `${inactive.join()} ${onCpu} ${digestsKnown}`;
  let selection = selections.get(key);
  if (selection === undefined) {
    const paths = [...NO_INPUT, ...inactive, ...(digestsKnown ? SOURCES : []), ...(onCpu ? ['engine.device'] : [])];
    selection = { leftOut: leaveOut(paths), texts: new Map() };
    selections.set(key, selection);
  }
  return selection;
}

function leaveOut(paths: readonly string[]): LeftOut {
  const root = new Map<string, LeftOut | true>();
  for (const path of paths) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = root;
    for (const key of keys) {
      const next = at.get(key);
      if (next === true) break;
      const inside = (next ?? new Map()) as Map<string, LeftOut | true>;
      at.set(key, inside);
      at = inside;
    }
    at.set(last, true);
  }
  return root;
}

function sectionText(
  name: string,
  section: unknown,
  { selection, leftOut }: { readonly selection: Selection; readonly leftOut: LeftOut | undefined },
): string {
  if (section === null || typeof section !== 'object') return JSON.stringify(section);
  const known = selection.texts.get(section);
  if (known !== undefined) return known;
  const text = canonicalText(name === 'data' ? withOrder(section as TrialConfig['data']) : section, leftOut);
  // Not weak: a collector is slow with a hundred thousand weak keys, and so many sections are met once each.
  if (selection.texts.size >= MOST_TEXTS) selection.texts.clear();
  selection.texts.set(section, text);
  return text;
}

function withOrder(data: TrialConfig['data']): unknown {
  const ordered = {
    train: entries(data.train),
    validation: entries(data.validation),
    test: entries(data.test),
    labels: entries(data.labels ?? null),
  };
  return { ...data, ...ordered };
}

/** Canonical JSON sorts keys; where their order has a meaning they become a list. */
function entries(value: object | string | null): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : value;
}
