import os from 'node:os';
import chalk from 'chalk';
import type { Command } from 'commander';
import { probeEngine, probeTensorflow } from '../../run/probe-engine.js';
import type { CommandContext } from '../command.js';
import { packageVersion } from '../package-version.js';

interface EngineLine {
  readonly engine: string;
  readonly works: boolean;
  readonly note: string;
  /** Whether it calculates on a GPU; only for engines that could. */
  readonly gpu?: boolean;
}

/** `sweep doctor`: which engines work here, and why the others do not. */
export function configure(command: Command, context: CommandContext): void {
  command.option('--format <format>', 'text or json', 'text').action(async ({ format }: { format: string }) => {
    const engines = await examine();
    if (format === 'json') {
      context.stdout.write(`${JSON.stringify({ engines }, null, 2)}\n`);
    } else {
      context.stdout.write(`${text(engines)}\n`);
    }
  });
}

async function examine(): Promise<EngineLine[]> {
  const native = ['avx512', 'avx2', 'portable'].map(async (variant) =>
    line(`native (${variant})`, await probeEngine('native', variant)),
  );
  const tensorflow = tensorflowLine(await probeTensorflow());
  // In the order in which `auto` looks.
  const [first, last] = tensorflow.gpu === true ? [[tensorflow], []] : [[], [tensorflow]];
  return [
    ...first,
    ...(await Promise.all(native)),
    line('wasm (simd128)', await probeEngine('wasm', null)),
    { engine: 'cpu', works: true, note: 'TensorFlow.js in JavaScript; slow, for comparison' },
    ...last,
    { engine: 'webgpu', works: false, note: 'not supported yet' },
  ];
}

function tensorflowLine(probe: Awaited<ReturnType<typeof probeTensorflow>>): EngineLine {
  const engine = 'tensorflow';
  if (probe === null) return { engine, works: false, note: 'not installed: `sweep engine install tensorflow`' };
  if (!probe.works) return { engine, works: false, note: probe.reason };
  const version = `libtensorflow ${probe.variant}`;
  if (probe.gpu) return { engine, works: true, gpu: true, note: `${version}; ${probe.device}` };
  const why = probe.cuda === null ? 'built without CUDA' : `built for CUDA ${probe.cuda}; no GPU answers`;
  return { engine, works: true, gpu: false, note: `${version}; on the CPU: ${why}` };
}

function line(engine: string, probe: Awaited<ReturnType<typeof probeEngine>>): EngineLine {
  return probe.works ? { engine, works: true, note: '' } : { engine, works: false, note: probe.reason };
}

function text(engines: readonly EngineLine[]): string {
  const width = Math.max(...engines.map(({ engine }) => engine.length));
  const lines = engines.map(({ engine, works, note }) => {
    const mark = works ? chalk.green('works') : chalk.red('no   ');
    return `  ${engine.padEnd(width)}  ${mark}  ${note}`.trimEnd();
  });
  const chosen = engines.find(({ works }) => works)!.engine;
  return [
    `sweepline ${packageVersion()}, Node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus()[0]?.model.trim() ?? 'unknown CPU'}`,
    '',
    ...lines,
    '',
    `auto takes ${chosen}.`,
  ].join('\n');
}
