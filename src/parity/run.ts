import { parseArgs } from 'node:util';
import { findFusedLayer } from '../engine/ops.js';
import { startEngine } from '../engine/start-engine.js';
import { RunError, SweeplineError } from '../errors.js';
import { unrolledLayer } from '../model/unrolled-layer.js';
import type { EngineConfig, ModelConfig } from '../plan/trial-config.js';
import { type CaseFile, readCases } from './case-file.js';
import { type Comparison, worst } from './comparison.js';
import { runLayerCase } from './layer-case.js';
import { runTrainCase } from './train-case.js';

/** Largest error of a tensor over its largest expected magnitude. */
const TOLERANCE = 1e-4;

const USAGE = 'npm run parity -- DIR [--engine NAME] [--variant NAME] [--implementation fused|unrolled]';

interface ParityOptions {
  readonly folder: string;
  readonly engine: EngineConfig;
  readonly implementation: ModelConfig['implementation'];
}

/**
 * Runs every PyTorch case of a folder on an engine and writes one line each, then `N passed, N failed`. A case that
 * asks for what is not supported has failed. Gives the exit code: 0 all passed, 1 some failed, 2 bad arguments.
 */
export async function main(args: readonly string[], write: (line: string) => void = console.log): Promise<number> {
  try {
    const options = readOptions(args);
    const cases = await readCases(options.folder);
    const { name, variant, threads } = await startEngine(options.engine);
    write(`${name} (${variant}, ${threads} ${threads === 1 ? 'thread' : 'threads'}), ${options.implementation}`);
    let failed = 0;
    for (const file of cases) {
      const { passed, line } = runCase(file, options.implementation);
      if (!passed) failed++;
      write(line);
    }
    write(`${cases.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SweeplineError)) throw error;
    write(error.hint === undefined ? error.message : `${error.message}\n  ${error.hint}`);
    return 2;
  }
}

function readOptions(args: readonly string[]): ParityOptions {
  const { values, positionals } = parse(args);
  const { engine, implementation } = values;
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw badArguments(`expected one folder, found ${positionals.length}`);
  if (implementation !== 'fused' && implementation !== 'unrolled') {
    throw badArguments(`--implementation: expected fused or unrolled, found ${implementation}`);
  }
  return {
    folder,
    engine: {
      name: engine as EngineConfig['name'],
      device: 'any',
      variant: (values.variant as EngineConfig['variant'] | undefined) ?? null,
    },
    implementation,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: 'auto' },
        variant: { type: 'string' },
        implementation: { type: 'string', default: 'fused' },
      },
    });
  } catch (error) {
    throw badArguments((error as Error).message);
  }
}

function badArguments(message: string): RunError {
  return new RunError(message, { code: 'PARITY_ARGUMENTS', hint: USAGE });
}

function runCase(file: CaseFile, implementation: ModelConfig['implementation']): { passed: boolean; line: string } {
  if (file.content === null) return { passed: false, line: `FAILED ${file.name}: ${file.problem}` };
  try {
    const largest = worst(compareCase(file.content, implementation));
    const passed = largest.error <= TOLERANCE;
    const where = `largest relative error ${largest.error.toExponential(1)} (${largest.name})`;
    return { passed, line: `${passed ? 'passed' : 'FAILED'} ${file.name}: ${where}` };
  } catch (error) {
    return { passed: false, line: `FAILED ${file.name}: ${(error as Error).message}` };
  }
}

function compareCase(
  content: NonNullable<CaseFile['content']>,
  implementation: ModelConfig['implementation'],
): Comparison[] {
  if (content.kind === 'train') return runTrainCase(content, implementation);
  return runLayerCase(content, (implementation === 'fused' ? findFusedLayer() : null) ?? unrolledLayer);
}
