import crypto from 'node:crypto';
import { inactiveKeys } from './active-keys.js';
import { canonicalWriter, type LeftOut } from './canonical-text.js';
import type { DataSource, TrialConfig } from './trial-config.js';

/** Raised whenever the code computes other results from the same configuration. */
export const RESULTS_VERSION = 4;

/** Digests (sha256) of the bytes that a trial reads from files of this machine; null where there are none. */
export interface InputDigests {
  readonly data: string | null;
  readonly vectors: string | null;
}

/**
 * The hash of each of an arm's trials, sha256 in hexadecimal over the canonical JSON of these fields:
 * - `config`: the resolved configuration, with these changes: keys that have no effect in it are left out, and so is
 *   `train.timeout`, which decides whether there is a result, not which; the engine is the one that was settled on,
 *   with its variant, once a run is frozen, and without the device where it has only one; mappings whose order is the
 *   order of the classes (`data.train`, `data.validation`, `data.test`, `data.labels`) are lists of entries; a source
 *   of data or vectors is its checksum, wherever the bytes came from: that of the pipeline for downloads and packages,
 *   the sha256 of a file once a run is frozen, its path before;
 * - `results_version`: the version of the code's results;
 * - `seed`.
 */
export function trialHashes(
  config: TrialConfig,
  seeds: readonly number[],
  inputs: InputDigests = UNKNOWN,
): readonly string[] {
  const common = hashedText(config, inputs);
  return seeds.map((seed) => sha256(`${common},"seed":${seed}}`));
}

/** In one call where this Node can: it is asked for every trial of a plan. */
function sha256(text: string): string {
  return crypto.hash?.('sha256', text) ?? crypto.createHash('sha256').update(text).digest('hex');
}

/** The hash of one trial: see `trialHashes`. */
export function trialHash(config: TrialConfig, seed: number, inputs: InputDigests = UNKNOWN): string {
  return trialHashes(config, [seed], inputs)[0]!;
}

/**
 * Canonical JSON sorts keys, so that this is the text of {config, results_version, seed} up to the seed, put
 * together from the texts of the sections. Of the trials of a plan most have most sections from the one before.
 */
function hashedText(config: TrialConfig, inputs: InputDigests): string {
  let text = '{"config":{';
  for (const written of selectionOf(config, inputs).sections) {
    const section = config[written.name];
    if (written.section !== section) {
      written.section = section;
      written.text = written.head + sectionText(written, section, inputs);
    }
    text += written.text;
  }
  return `${text}},"results_version":${RESULTS_VERSION}`;
}

function sectionText({ name, write }: WrittenSection, section: unknown, inputs: InputDigests): string {
  return isMapping(section) ? write(hashed(name, section, inputs)) : JSON.stringify(section);
}

/** In the order of canonical JSON. */
const SECTIONS = ['data', 'engine', 'generate', 'loss', 'metrics', 'model', 'optimizer', 'task', 'train'] as const;
const NO_INPUT = ['train.timeout'];
const CPU_ENGINES: readonly string[] = ['native', 'wasm', 'cpu'];
const UNKNOWN: InputDigests = { data: null, vectors: null };

/** What of a configuration is hashed. Few different selections serve all configurations of a plan. */
interface Selection {
  readonly inactive: readonly string[];
  readonly onCpu: boolean;
  readonly inputs: InputDigests;
  readonly sections: readonly WrittenSection[];
}

/** A section as it was last written under a selection. */
interface WrittenSection {
  readonly name: (typeof SECTIONS)[number];
  /** `,"model":` */
  readonly head: string;
  readonly write: ReturnType<typeof canonicalWriter>;
  section: unknown;
  text: string;
}

const MOST_SELECTIONS = 1000;

const selections = new Map<readonly string[], Map<string, Selection>>();
let selectionBefore: Selection | null = null;

function selectionOf(config: TrialConfig, inputs: InputDigests): Selection {
  // The list of inactive keys is the same object wherever it is the same list.
  const inactive = inactiveKeys(config);
  const onCpu = CPU_ENGINES.includes(config.engine.name);
  const before = selectionBefore;
  if (before?.inactive === inactive && before.onCpu === onCpu && before.inputs === inputs) return before;
  let ofList = selections.get(inactive);
  if (ofList === undefined) {
    ofList = new Map();
    if (selections.size >= MOST_SELECTIONS) selections.clear();
    selections.set(inactive, ofList);
  }
  const key = `${onCpu} ${inputs.data} ${inputs.vectors}`;
  let selection = ofList.get(key);
  if (selection === undefined) {
    selection = { inactive, onCpu, inputs, sections: unwrittenSections(inactive, onCpu) };
    ofList.set(key, selection);
  }
  selectionBefore = selection;
  return selection;
}

function unwrittenSections(inactive: readonly string[], onCpu: boolean): readonly WrittenSection[] {
  const leftOut = leaveOut([...NO_INPUT, ...inactive, ...(onCpu ? ['engine.device'] : [])]);
  const sections: WrittenSection[] = [];
  for (const name of SECTIONS) {
    const within = leftOut.get(name);
    if (within === true) continue;
    const head = `${sections.length === 0 ? '' : ','}"${name}":`;
    sections.push({ name, head, write: canonicalWriter(within), section: UNWRITTEN, text: '' });
  }
  return sections;
}

const UNWRITTEN = Symbol('unwritten');

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

function isMapping(section: unknown): section is Mapping {
  return section !== null && typeof section === 'object' && !Array.isArray(section);
}

interface Mapping {
  readonly [key: string]: unknown;
}

/** A section as it is hashed: sources by their bytes, mappings in order. */
function hashed(name: string, section: Mapping, inputs: InputDigests): Mapping {
  if (name === 'data') {
    const data = section as unknown as TrialConfig['data'];
    return { ...withOrder(data), source: bytesOf(data.source, inputs.data) };
  }
  if (name !== 'model') return section;
  const model = section as unknown as TrialConfig['model'];
  const { embedding } = model;
  if (embedding === 'one_hot' || embedding.pretrained === null) return section;
  const source = bytesOf(embedding.pretrained.source, inputs.vectors);
  return { ...model, embedding: { ...embedding, pretrained: { ...embedding.pretrained, source } } };
}

/** What says which bytes a source has: its checksums, or the path of a file whose bytes are not known yet. */
function bytesOf(source: DataSource, digest: string | null): object {
  if ('file' in source) return digest === null ? source : { sha256: digest };
  if ('npm' in source) return { integrity: source.integrity };
  const { url: _, ...checksums } = source;
  return checksums;
}

function withOrder(data: TrialConfig['data']): object {
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
