import os from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ChalkInstance } from 'chalk';
import { type Command, Option } from 'commander';
import { probeEngine, probeTensorflow } from '../../run/probe-engine.js';
import type { CommandContext } from '../command.js';
import { type EngineTiming, heaviestArm, timeOn } from '../engine-timings.js';
import { packageVersion } from '../package-version.js';
import { colors } from '../terminal/colors.js';
import { oneLine } from '../terminal/display-width.js';
import { rate } from '../terminal/figures.js';

interface EngineLine {
  readonly engine: string;
  readonly works: boolean;
  readonly note: string;
  /** Whether it calculates on a GPU; only for engines that could. */
  readonly gpu?: boolean;
  /** What works less well than it could. */
  readonly warnings?: readonly string[];
}

interface DoctorOptions {
  readonly format: 'text' | 'json';
  /** True without a pipeline. */
  readonly bench?: string | true;
}

/** `sweep doctor`: which engines work here, why the others do not and, with `--bench`, how fast they train. */
export function configure(command: Command, context: CommandContext): void {
  command
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option(
      '--bench [pipeline]',
      "time training steps of a pipeline's largest arm on every engine (default: the quick start)",
    )
    .action(async ({ format, bench }: DoctorOptions) => {
      const { stdout } = context;
      const color = colors(stdout);
      const engines = await examine();
      if (format !== 'json') stdout.write(`${text(engines, color)}\n`);
      const timings = bench === undefined ? null : await time(engines, bench, context);
      if (format === 'json') stdout.write(`${JSON.stringify({ engines, ...timings }, null, 2)}\n`);
      else if (timings !== null) stdout.write(`\n${timingText(timings, color)}\n`);
    });
}

interface Timings {
  readonly arm: string;
  readonly timings: readonly EngineTiming[];
}

/** One engine after the other, each told of as it begins. */
async function time(
  engines: readonly EngineLine[],
  bench: string | true,
  { stderr }: CommandContext,
): Promise<Timings> {
  const file = bench === true ? fileURLToPath(new URL('../../../pipelines/quickstart.yaml', import.meta.url)) : bench;
  const { label, config } = heaviestArm(file);
  const timings: EngineTiming[] = [];
  for (const { engine } of engines.filter(({ works }) => works)) {
    stderr.write(`timing ${engine}\n`);
    timings.push(await timeOn(engine, config));
  }
  return { arm: label, timings };
}

function timingText({ arm, timings }: Timings, color: ChalkInstance): string {
  const width = Math.max(...timings.map(({ engine }) => engine.length));
  const lines = timings.map(({ engine, timing }) => {
    const result = timing.works ? `${rate(timing.steps_per_second).padStart(8)} steps/s` : color.red(timing.reason);
    return `  ${engine.padEnd(width)}  ${result}`;
  });
  const speed = ({ timing }: EngineTiming): number => (timing.works ? timing.steps_per_second : 0);
  const fastest = timings.reduce((a, b) => (speed(b) > speed(a) ? b : a));
  return [
    `Training steps of ${oneLine(arm)}, one process each:`,
    '',
    ...lines,
    '',
    speed(fastest) === 0 ? 'None of them trains it.' : `${fastest.engine} is the fastest.`,
  ].join('\n');
}

async function examine(): Promise<EngineLine[]> {
  const native = ['avx512', 'avx2', 'portable'].map(async (variant) =>
    line(`native (${variant})`, await probeEngine('native', variant)),
  );
  const wasm = ['relaxed_simd', 'simd128'].map(async (variant) =>
    line(`wasm (${variant})`, await probeEngine('wasm', variant)),
  );
  const tensorflow = tensorflowLine(await probeTensorflow());
  // In the order in which `auto` looks.
  const [first, last] = tensorflow.gpu === true ? [[tensorflow], []] : [[], [tensorflow]];
  return [
    ...first,
    ...(await Promise.all(native)),
    ...(await Promise.all(wasm)),
    { engine: 'cpu', works: true, note: 'TensorFlow.js in JavaScript; slow, for comparison' },
    ...last,
    { engine: 'webgpu', works: false, note: 'not supported yet' },
  ];
}

function tensorflowLine(probe: Awaited<ReturnType<typeof probeTensorflow>>): EngineLine {
  const engine = 'tensorflow';
  if (probe === null) return { engine, works: false, note: 'not installed: `sweep engine install tensorflow`' };
  const { copy } = probe;
  if (!probe.works) {
    const hint = copy === null ? '' : '; `sweep engine install tensorflow` installs one of its own';
    return { engine, works: false, note: `${probe.reason}${hint}` };
  }
  const version = `libtensorflow ${probe.variant}${copy === null ? '' : ` of ${copy.package} in ${copy.folder}`}`;
  const { warnings } = probe;
  if (probe.gpu) return { engine, works: true, gpu: true, note: `${version}; ${probe.device}`, warnings };
  const why = probe.cuda === null ? 'built without CUDA' : `built for CUDA ${probe.cuda}; no GPU answers`;
  return { engine, works: true, gpu: false, note: `${version}; on the CPU: ${why}`, warnings };
}

function line(engine: string, probe: Awaited<ReturnType<typeof probeEngine>>): EngineLine {
  return probe.works ? { engine, works: true, note: '' } : { engine, works: false, note: probe.reason };
}

function text(engines: readonly EngineLine[], color: ChalkInstance): string {
  const width = Math.max(...engines.map(({ engine }) => engine.length));
  const lines = engines.flatMap(({ engine, works, note, warnings = [] }) => {
    const mark = works ? color.green('works') : color.red('no   ');
    const below = warnings.map((warning) => `${' '.repeat(width + 11)}${color.yellow('warning:')} ${warning}`);
    return [`  ${engine.padEnd(width)}  ${mark}  ${note}`.trimEnd(), ...below];
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
