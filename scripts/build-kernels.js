#!/usr/bin/env node
/**
 * Builds the kernels. Without options: the native addon, kernels/build/sweepline.node, if this machine has a C++
 * compiler; it never fails an install. `--wasm`: kernels/simd128.wasm and kernels/relaxed_simd.wasm (committed), with clang
 * and wasm-ld 16, whose output is the same byte for byte; `--wasm --check` compares instead of writing and exits 1 on a
 * difference.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const KERNELS = join(dirname(fileURLToPath(import.meta.url)), '..', 'kernels');
const BUILD = join(KERNELS, 'build');
const ADDON = join(BUILD, 'sweepline.node');

const COMMON = [
  '-std=c++17',
  '-O3',
  '-fno-math-errno',
  '-fno-exceptions',
  '-fno-rtti',
  '-Wno-psabi',
  '-Wno-attributes',
];
// `fast`: a product and a sum become one fused instruction where the processor has it, half of the speed of a tile.
const NATIVE = [...COMMON, '-fPIC', '-fvisibility=hidden', '-ffp-contract=fast'];
// What a variant is compiled from. Random numbers have the same bits on every machine.
const SOURCES = [
  { source: 'variant.cpp', flags: [] },
  { source: 'normals.cpp', flags: ['-ffp-contract=off'] },
];
const VARIANTS = [
  { name: 'portable', flags: [], width: 4, panel: 2, rows: 4, features: 4 },
  { name: 'avx2', flags: ['-mavx2', '-mfma'], width: 8, panel: 2, rows: 6, features: 6 },
  {
    name: 'avx512',
    flags: ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mfma', '-mprefer-vector-width=512'],
    width: 16,
    panel: 2,
    rows: 12,
    features: 12,
  },
];
// No contraction: WebAssembly's own instructions have the same bits on every machine. Those of relaxed SIMD fuse where the
// processor does, which is for the source to ask for (addProduct in vector.h) and for the loader to make sure of.
const WEB = [
  ...COMMON,
  '--target=wasm32',
  '-msimd128',
  '-mbulk-memory',
  '-matomics',
  '-ffp-contract=off',
  // Loop strength reduction takes addresses apart that WebAssembly's loads would add up for nothing (41 against 45 GFLOP/s).
  '-mllvm',
  '-disable-lsr',
  '-nostdlib',
  '-Wl,--no-entry',
  // Shared memory does not detach its buffers when it grows.
  '-Wl,--import-memory,--shared-memory,--max-memory=4294967296',
  '-Wl,-z,stack-size=65536',
  '-Wl,--strip-all',
];

const WEB_VARIANTS = [
  { name: 'simd128', flags: [] },
  { name: 'relaxed_simd', flags: ['-mrelaxed-simd'] },
].map((variant) => ({ ...variant, width: 4, panel: 2, rows: 4, features: 4 }));

const options = process.argv.slice(2);
if (options.includes('--wasm')) buildWasm(options.includes('--check'));
else await buildAddon();

async function buildAddon() {
  const compiler = findCompiler(['c++', 'g++', 'clang++']);
  if (compiler === null || process.platform === 'win32') {
    console.log('sweepline: no C++ compiler found: the wasm engine will be used (several times slower than native)');
    return;
  }
  const stamp = digest([compiler.version, process.platform, process.arch, JSON.stringify([NATIVE, SOURCES, VARIANTS])]);
  const stampFile = join(BUILD, 'stamp');
  if (existsSync(ADDON) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  mkdirSync(BUILD, { recursive: true });
  const work = mkdtempSync(join(BUILD, 'work-'));
  try {
    await compileAddon(compiler.path, work);
    writeFileSync(join(work, 'stamp'), stamp);
    renameSync(join(work, 'sweepline.node'), ADDON);
    renameSync(join(work, 'stamp'), stampFile);
  } catch (error) {
    // An older build may not fit the TypeScript that is here now.
    rmSync(ADDON, { force: true });
    const reason =
      String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .find((line) => line.includes('error')) ?? error.message;
    console.log(
      `sweepline: ${compiler.path} did not build the kernels (${reason.trim()}): the wasm engine will be used`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function compileAddon(compiler, work) {
  const x86 = process.arch === 'x64';
  const run = promisify(execFile);
  const jobs = VARIANTS.filter(({ name }) => x86 || name === 'portable').flatMap((variant) =>
    SOURCES.map(({ source, flags }) => ({
      object: join(work, `${variant.name}-${source}.o`),
      source,
      flags: [...NATIVE, ...variant.flags, ...flags, ...definitions(variant)],
    })),
  );
  const headers = createRequire(import.meta.url)('node-api-headers').include_dir;
  jobs.push({
    object: join(work, 'addon.o'),
    source: 'addon.cpp',
    flags: [...NATIVE, `-I${headers}`, '-DNAPI_VERSION=8', ...(x86 ? ['-DSWEEPLINE_X86'] : [])],
  });
  const compile = ({ object, source, flags }) => run(compiler, [...flags, '-c', join(KERNELS, source), '-o', object]);
  await Promise.all(jobs.map(compile));
  // The kernels use nothing of the C++ library, so that the addon runs where only Node does.
  const link = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-Wl,--as-needed', '-static-libgcc'];
  await run(compiler, ['-shared', ...link, ...jobs.map(({ object }) => object), '-o', join(work, 'sweepline.node')]);
}

function buildWasm(check) {
  const compiler = findCompiler(['clang++-16', 'clang++']);
  if (compiler === null || !compiler.version.includes('clang version 16.')) {
    console.error(
      `the WebAssembly is built with clang 16 (Debian: clang-16 and lld-16); found ${compiler?.version ?? 'none'}`,
    );
    process.exit(1);
  }
  const work = mkdtempSync(join(tmpdir(), 'sweepline-wasm-'));
  const sources = SOURCES.map(({ source }) => source);
  try {
    for (const variant of WEB_VARIANTS) {
      const file = `${variant.name}.wasm`;
      const [built, committed] = [join(work, file), join(KERNELS, file)];
      // From inside the folder, by relative name: no path of this machine gets into the file.
      execFileSync(compiler.path, [...WEB, ...variant.flags, ...definitions(variant), ...sources, '-o', built], {
        cwd: KERNELS,
        stdio: 'inherit',
      });
      const bytes = readFileSync(built);
      if (!check) writeFileSync(committed, bytes);
      else if (!existsSync(committed) || !bytes.equals(readFileSync(committed))) {
        console.error(`kernels/${file} is not what its source gives: run \`node scripts/build-kernels.js --wasm\``);
        process.exitCode = 1;
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The first compiler that answers: $CXX, then those named. */
function findCompiler(names) {
  for (const path of [process.env.CXX, ...names]) {
    if (!path) continue;
    try {
      const version = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      return { path, version: version.split('\n')[0] };
    } catch {
      // Not here, or not working: the next one.
    }
  }
  return null;
}

function definitions({ name, width, panel, rows, features }) {
  return [
    `-DVARIANT=${name}`,
    `-DVECTOR_WIDTH=${width}`,
    `-DPANEL_VECTORS=${panel}`,
    `-DROW_TILE=${rows}`,
    `-DFEATURE_TILE=${features}`,
  ];
}

/** The sources and whatever else the build depends on. */
function digest(parts) {
  const hash = createHash('sha256');
  for (const name of readdirSync(KERNELS).sort()) {
    if (/\.(h|cpp)$/.test(name))
      hash
        .update(name)
        .update('\0')
        .update(readFileSync(join(KERNELS, name)))
        .update('\0');
  }
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
