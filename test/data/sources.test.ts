import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { create } from 'tar';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DataConfig } from '../../src/plan/trial-config.js';
import { dataConfig, loadTexts, readable, temporaryFolder } from './example-data.js';

const TABLE = Buffer.from(
  `text,label\n${Array.from({ length: 20000 }, (_, i) => `word${i % 100},${i % 2}`).join('\n')}\n`,
);
const MD5 = createHash('md5').update(TABLE).digest('hex');
const SHA256 = createHash('sha256').update(TABLE).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine that gives each request the next answer, and the last one from then on. */
async function serve(...answers: readonly Answer[]) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answers[Math.min(ranges.length, answers.length) - 1]!(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/table.csv`,
    ranges,
    breakOff: () => server.closeAllConnections(),
  };
}

const whole: Answer = (_request, response) => {
  response.setHeader('content-length', TABLE.length).end(TABLE);
};

/** Half of the file, and then nothing more. */
const half: Answer = (_request, response) => {
  response.setHeader('content-length', TABLE.length);
  response.write(TABLE.subarray(0, TABLE.length / 2));
};

const rest: Answer = (request, response) => {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(206, { 'content-range': `bytes ${start}-${TABLE.length - 1}/${TABLE.length}` });
  response.end(TABLE.subarray(start));
};

function configOf(source: DataConfig['source']): DataConfig {
  return dataConfig({ source, format: 'csv' });
}

describe('a download', () => {
  it('is fetched once, reported, checked and kept', async () => {
    const folder = await temporaryFolder();
    const { url, ranges } = await serve(whole);
    const done: number[] = [];
    const data = await loadTexts(folder, configOf({ url, md5: MD5, sha256: SHA256 }), {
      onProgress: (progress) => {
        if (progress.stage === 'download') done.push(progress.done / progress.total!);
      },
    });
    expect(data.train.count).toBe(20000);
    expect(data.source_digest).toBe(SHA256);
    expect(done.at(-1)).toBe(1);
    await loadTexts(folder, { ...configOf({ url, md5: MD5, sha256: SHA256 }), max_examples: 10 });
    expect(ranges).toEqual([undefined]);
  });

  it('goes on where it broke off', async () => {
    const folder = await temporaryFolder();
    const { url, ranges, breakOff } = await serve(half, rest);
    await expect(loadTexts(folder, configOf({ url, md5: MD5 }), { onProgress: breakOff })).rejects.toMatchObject({
      code: 'DATA_DOWNLOAD',
      hint: 'Run the same command again: it goes on where this one stopped.',
    });
    expect((await loadTexts(folder, configOf({ url, md5: MD5 }))).source_digest).toBe(SHA256);
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('starts again when the server knows no ranges', async () => {
    const folder = await temporaryFolder();
    const { url, breakOff } = await serve(half, whole);
    await expect(loadTexts(folder, configOf({ url, md5: MD5 }), { onProgress: breakOff })).rejects.toThrow(
      'the download broke off',
    );
    expect((await loadTexts(folder, configOf({ url, md5: MD5 }))).source_digest).toBe(SHA256);
  });

  it('starts again when what was resumed turns out to be of another file', async () => {
    const folder = await temporaryFolder();
    const other: Answer = (_request, response) => {
      response.setHeader('content-length', TABLE.length);
      response.write(Buffer.alloc(1000, 'x'));
    };
    const { url, ranges, breakOff } = await serve(other, rest, whole);
    await expect(loadTexts(folder, configOf({ url, md5: MD5 }), { onProgress: breakOff })).rejects.toThrow(
      'the download broke off',
    );
    expect((await loadTexts(folder, configOf({ url, md5: MD5 }))).source_digest).toBe(SHA256);
    expect(ranges).toHaveLength(3);
  });

  it('with another digest is refused and not kept', async () => {
    const folder = await temporaryFolder();
    const { url } = await serve(whole);
    const md5 = '0'.repeat(32);
    await expect(loadTexts(folder, configOf({ url, md5 }))).rejects.toMatchObject({
      message: `${url}: the md5 of the download is ${MD5}, expected ${md5}.`,
      hint: 'If the file was published anew and you trust it, change `data.source.md5`.',
      code: 'DATA_CHECKSUM',
    });
    expect(await readdir(path.join(folder, 'cache', 'downloads', `md5-${md5}`))).toEqual([]);
  });

  it('that the server refuses, or that cannot be reached, hints at a copy of the file', async () => {
    const folder = await temporaryFolder();
    const { url } = await serve((_request, response) => response.writeHead(404, 'Not Found').end());
    const hint = 'Without a network, name a copy of the file: --set data.source.file=PATH';
    await expect(loadTexts(folder, configOf({ url, md5: MD5 }))).rejects.toMatchObject({
      message: `${url}: the server answered 404 Not Found.`,
      hint,
    });
    const nowhere = 'http://127.0.0.1:1/table.csv';
    await expect(loadTexts(folder, configOf({ url: nowhere, md5: MD5 }))).rejects.toMatchObject({
      message: expect.stringContaining(`${nowhere} cannot be reached:`),
      hint,
    });
  });
});

describe('an npm package', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** Puts a program named npm first on the path: it copies a packed folder, or fails as told. */
  async function fakeNpm(folder: string, failure?: string): Promise<void> {
    const files = { 'package/package.json': '{}', 'package/data/a/1.txt': 'one', 'package/data/b/1.txt': 'two' };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    await create({ file: path.join(folder, 'packed.tgz'), cwd: folder, gzip: true, portable: true }, ['package']);
    const script = [
      `#!${process.execPath}`,
      "const { appendFileSync, copyFileSync } = require('node:fs');",
      'const args = process.argv.slice(2);',
      `appendFileSync(${JSON.stringify(path.join(folder, 'calls'))}, JSON.stringify(args) + '\\n');`,
      failure === undefined
        ? `copyFileSync(${JSON.stringify(path.join(folder, 'packed.tgz'))}, args[args.indexOf('--pack-destination') + 1] + '/x-1.0.0.tgz');`
        : `process.stderr.write(${JSON.stringify(failure)}); process.exitCode = 1;`,
    ].join('\n');
    await mkdir(path.join(folder, 'bin'));
    await writeFile(path.join(folder, 'bin', 'npm'), script);
    await chmod(path.join(folder, 'bin', 'npm'), 0o755);
    vi.stubEnv('npm_execpath', undefined);
    vi.stubEnv('PATH', `${path.join(folder, 'bin')}${path.delimiter}${process.env.PATH}`);
  }

  function packageConfig(integrity: string): DataConfig {
    return dataConfig({
      source: { npm: '@some/texts@1.0.0', integrity },
      format: 'folders',
      train: { a: 'data/a', b: 'data/b' },
    });
  }

  async function integrityOf(folder: string): Promise<string> {
    const bytes = await readFile(path.join(folder, 'packed.tgz'));
    return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  }

  it('is packed once by npm, checked, and read without its leading folder', async () => {
    const folder = await temporaryFolder();
    await fakeNpm(folder);
    const config = packageConfig(await integrityOf(folder));
    const data = await loadTexts(folder, config);
    expect(readable(data.train, data.vocabulary)).toEqual(['one <pad> <pad> <pad>', 'two <pad> <pad> <pad>']);
    await loadTexts(folder, { ...config, max_examples: 1 });
    const calls = (await readFile(path.join(folder, 'calls'), 'utf8')).trim().split('\n');
    expect(calls).toHaveLength(1);
    expect(JSON.parse(calls[0]!)).toEqual(expect.arrayContaining(['pack', '@some/texts@1.0.0', '--ignore-scripts']));
  });

  it('gives the same when a copy of its tarball is named', async () => {
    const folder = await temporaryFolder();
    await fakeNpm(folder);
    const config = { ...packageConfig('sha512-'), source: { file: 'packed.tgz' } };
    expect((await loadTexts(folder, config)).train.count).toBe(2);
  });

  it('with another integrity is refused', async () => {
    const folder = await temporaryFolder();
    await fakeNpm(folder);
    await expect(loadTexts(folder, packageConfig('sha512-AAAA'))).rejects.toMatchObject({
      message: `npm:@some/texts@1.0.0: the integrity of the package is ${await integrityOf(folder)}, expected sha512-AAAA.`,
      code: 'DATA_CHECKSUM',
    });
    expect(await readdir(path.join(folder, 'cache', 'packages'))).toEqual([]);
  });

  it('that npm cannot fetch is told in its words, with a hint', async () => {
    const folder = await temporaryFolder();
    await fakeNpm(folder, 'npm warn x\nnpm error code ENOTFOUND\nnpm error network request failed\n');
    await expect(loadTexts(folder, packageConfig('sha512-AAAA'))).rejects.toMatchObject({
      message: '`npm pack @some/texts@1.0.0` failed: code ENOTFOUND; network request failed',
      hint: 'Without a network, name a copy of the tarball: --set data.source.file=PATH',
    });
  });

  it('needs npm', async () => {
    const folder = await temporaryFolder();
    vi.stubEnv('npm_execpath', undefined);
    vi.stubEnv('PATH', folder);
    await expect(loadTexts(folder, packageConfig('sha512-AAAA'))).rejects.toThrow('npm cannot be found');
  });
});
