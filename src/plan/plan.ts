import type { Pipeline } from '../pipeline/pipeline-types.js';
import type { TrialConfig } from './trial-config.js';
import type { InputDigests } from './trial-hash.js';

/** A value that a sweep can set: any JSON value. */
export type SettingValue =
  | string
  | number
  | boolean
  | null
  | readonly SettingValue[]
  | { readonly [key: string]: SettingValue };

/** One configuration: one point of the sweep, whatever its seed. */
export interface Arm {
  /** Unique in the plan, safe as a file name, in plan order: `001-lstm`. */
  readonly id: string;
  /** For people: `model.cell=lstm, model.pooling=max`, or the variant's name; `base` when nothing varies. */
  readonly label: string;
  /** What the sweep set, by path, in the order of the axes. */
  readonly settings: { readonly [path: string]: SettingValue };
  /** The ids of its trials, in the order of its seeds; one that another arm has too is listed under that arm's id. */
  readonly trial_ids?: readonly string[];
}

/** One arm with one seed: the unit of work, of caching and of failure. Arms that ask for the same share it. */
export interface Trial {
  /** `<arm id>-s<seed>`: the name of its folder. */
  readonly id: string;
  /** The id of its arm: of several, the first. */
  readonly arm: string;
  readonly seed: number;
  readonly config: TrialConfig;
  /** sha256 (hexadecimal) over everything that can change the result. */
  readonly hash: string;
  /** The digests in the hash, for whoever reads the files later. Absent where there are none, and in older plans. */
  readonly inputs?: InputDigests;
}

/** The frozen, ordered list of trials. Trials of one arm share the object of their configuration. */
export interface Plan {
  readonly schema: 1;
  readonly name: string;
  readonly arms: readonly Arm[];
  readonly trials: readonly Trial[];
  /**
   * What the report is made by: the pipeline's own words, after `extends` and `--set`, and how many decimals its published
   * figures are written with where their numbers lost some. Absent in older plans.
   */
  readonly description?: string | null;
  readonly report?: NonNullable<Pipeline['report']>;
  readonly expect?: readonly string[];
  readonly sweep?: NonNullable<Pipeline['sweep']>;
}
