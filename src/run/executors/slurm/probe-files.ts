import { join } from 'node:path';
import type { EngineConfig, TrialConfig } from '../../../plan/trial-config.js';
import type { EngineChoice } from '../../choose-engine.js';

/** What the probe is asked: `request.json` in its folder. */
export interface ProbeRequest {
  readonly schema: 1;
  /** Settled where the trials will run. */
  readonly engines: readonly EngineConfig[];
  /** Whether the tasks get GPUs: engines that could use one must. */
  readonly gpu: boolean;
  /** A file in the data cache, which the node must see too. */
  readonly cache_token: string;
  /** A configuration whose training steps are to be timed; null for none. */
  readonly time: TrialConfig | null;
}

/** `answer.json` in the probe's folder. */
export interface ProbeAnswer {
  readonly schema: 1;
  readonly host: string;
  readonly node: string;
  /** In the order of the request; null where there is an error. */
  readonly engines: readonly EngineChoice[] | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
  readonly steps_per_second: number | null;
}

export function probePaths(folder: string) {
  return {
    request: join(folder, 'request.json'),
    answer: join(folder, 'answer.json'),
    script: join(folder, 'probe.sh'),
  };
}
