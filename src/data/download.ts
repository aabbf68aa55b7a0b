import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../errors.js';
import type { DataSource } from '../plan/trial-config.js';
import { cacheSubfolder } from './cache-folder.js';
import { type DigestAlgorithm, fileDigest } from './file-digest.js';
import { withLock } from './lock.js';
import type { DataContext } from './progress.js';

type UrlSource = Extract<DataSource, { url: string }>;

/**
 * Downloads a file into the cache, unless it is there, and returns its path. The bytes go to a `.part` file that a
 * later call resumes, and get their name once every digest given is right. Throws a DataError otherwise.
 */
export async function downloadFile(source: UrlSource, context: DataContext): Promise<string> {
  const digests = expectedDigests(source);
  const folder = await cacheSubfolder(context.cache_directory, path.join('downloads', digests[0]!.join('-')));
  const target = path.join(folder, fileName(source.url));
  if (await isRight(target, digests, context)) return target;
  const lock = {
    signal: context.signal,
    onWait: () => context.onProgress({ stage: 'wait', name: source.url, done: 0, total: null }),
  };
  return withLock(`${target}.lock`, lock, async () => {
    if (await isRight(target, digests, context)) return target;
    const part = `${target}.part`;
    const resumed = await fetchTo(part, source.url, context);
    let wrong = await wrongDigest(part, digests, context);
    if (wrong !== null && resumed) {
      // The part may have been left by another version of the file: once more from its first byte.
      await rm(part, { force: true });
      await fetchTo(part, source.url, context);
      wrong = await wrongDigest(part, digests, context);
    }
    if (wrong !== null) {
      await rm(part, { force: true });
      throw new DataError(
        `${source.url}: the ${wrong.algorithm} of the download is ${wrong.found}, expected ${wrong.expected}.`,
        {
          code: 'DATA_CHECKSUM',
          hint: `If the file was published anew and you trust it, change \`${context.setting}.${wrong.algorithm}\`.`,
        },
      );
    }
    await rename(part, target);
    return target;
  });
}

type ExpectedDigest = readonly [DigestAlgorithm, string];

function expectedDigests(source: UrlSource): readonly ExpectedDigest[] {
  return (['sha256', 'sha1', 'md5'] as const).flatMap((algorithm) => {
    const expected = source[algorithm];
    return expected === undefined ? [] : [[algorithm, expected.toLowerCase()] as const];
  });
}

/** The last part of the address, for a name that a person recognises. */
function fileName(url: string): string {
  const last = new URL(url).pathname.split('/').pop() ?? '';
  return last.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '') || 'download';
}

async function isRight(file: string, digests: readonly ExpectedDigest[], context: DataContext): Promise<boolean> {
  const there = await stat(file).catch(() => null);
  return there !== null && (await wrongDigest(file, digests, context)) === null;
}

async function wrongDigest(file: string, digests: readonly ExpectedDigest[], context: DataContext) {
  for (const [algorithm, expected] of digests) {
    const found = await fileDigest(file, algorithm, context);
    if (found !== expected) return { algorithm, expected, found };
  }
  return null;
}

/** Fetches what the part lacks; true when bytes of an earlier attempt were kept. */
async function fetchTo(part: string, url: string, context: DataContext): Promise<boolean> {
  const have = (await stat(part).catch(() => null))?.size ?? 0;
  const response = await request(url, have, context);
  if (response.status === 416) {
    // The part is as long as the file, or longer: its digest decides.
    await response.body?.cancel();
    return true;
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new DataError(`${url}: the server answered ${`${response.status} ${response.statusText}`.trim()}.`, {
      code: 'DATA_DOWNLOAD',
      hint: fileHint(context),
    });
  }
  const resumed = response.status === 206 && startsAt(response, have);
  const start = resumed ? have : 0;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isFinite(length) && !response.headers.has('content-encoding') ? start + length : null;
  let done = start;
  const file = await open(part, resumed ? 'a' : 'w');
  try {
    // Each chunk is on disk before the next is asked for, so that a broken connection loses none.
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      await file.writeFile(chunk);
      done += chunk.length;
      context.onProgress({ stage: 'download', name: url, done, total });
    }
  } catch (cause) {
    context.signal?.throwIfAborted();
    throw new DataError(`${url}: the download broke off after ${done} bytes: ${reason(cause)}`, {
      code: 'DATA_DOWNLOAD',
      hint: 'Run the same command again: it goes on where this one stopped.',
      cause,
    });
  } finally {
    await file.close();
  }
  return resumed;
}

async function request(url: string, have: number, context: DataContext): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  } catch (cause) {
    context.signal?.throwIfAborted();
    throw new DataError(`${url} cannot be reached: ${reason(cause)}`, {
      code: 'DATA_DOWNLOAD',
      hint: fileHint(context),
      cause,
    });
  }
}

/** A 206 answer that begins elsewhere than asked must not be appended. */
function startsAt(response: Response, offset: number): boolean {
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return range !== null && Number(range[1]) === offset;
}

/** `fetch failed` hides the reason in its cause. */
function reason(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || String((cause as NodeJS.ErrnoException).code ?? message);
}

function fileHint(context: DataContext): string {
  return `Without a network, name a copy of the file: --set ${context.setting}.file=PATH`;
}
