import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { writeAtomically } from '../../../atomic-file.js';
import { SweeplineError } from '../../../errors.js';
import { chooseEngine, type EngineChoice } from '../../choose-engine.js';
import { jsonText } from '../../run-folder.js';
import { timeEngine } from '../../time-engine.js';
import { type ProbeAnswer, type ProbeRequest, probePaths } from './probe-files.js';

/** On a compute node: settles the engines there, looks for the data cache, times training steps, and writes the answer. */
export async function answerProbe(folder: string): Promise<void> {
  const paths = probePaths(folder);
  const request = JSON.parse(await readFile(paths.request, 'utf8')) as ProbeRequest;
  const here = { schema: 1, host: hostname(), node: process.version } as const;
  let answer: ProbeAnswer;
  try {
    answer = { ...here, ...(await examined(request)), error: null };
  } catch (error) {
    answer = { ...here, engines: null, steps_per_second: null, error: told(error) };
  }
  await writeAtomically(paths.answer, jsonText(answer));
}

async function examined({ engines, gpu, cache_token, time }: ProbeRequest) {
  const seen = await stat(cache_token).catch(() => null);
  if (seen === null) {
    throw new SweeplineError(`${hostname()} does not see the data cache: ${cache_token} is not there`, {
      code: 'SLURM_CACHE',
      hint: 'set SWEEPLINE_CACHE to a folder on a file system that the compute nodes share',
    });
  }
  const choices: EngineChoice[] = [];
  for (const engine of engines) choices.push(await chooseEngine(engine, { gpu }));
  const timing = time === null ? null : await timeEngine({ config: { ...time, engine: choices[0]!.engine } });
  return { engines: choices, steps_per_second: timing?.works === true ? timing.steps_per_second : null };
}

function told(error: unknown): NonNullable<ProbeAnswer['error']> {
  if (!(error instanceof SweeplineError)) return { code: 'INTERNAL', message: String((error as Error).stack ?? error) };
  const { code, message, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
