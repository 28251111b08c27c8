/** Files and standard input as bytes that can be read twice: their format shows at their end. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Detected, detect, headBytes, isGzip, tailBytes } from './detect.ts';
import { shownSource } from './shown-source.ts';
import { messageOf, sourceError } from './source-error.ts';

export interface OpenedFile {
  readonly format: Detected;
  /** From its beginning, decompressed. */
  read(): AsyncIterable<Uint8Array>;
  /** Removes what it has put aside. */
  close(): Promise<void>;
}

/**
 * @param path a file, gzip too, or `-` for `input`; what is no regular file is put aside in a temporary one
 * @throws CHECK_SOURCE
 */
export async function openFile(path: string, input: AsyncIterable<Uint8Array>, maxBytes: number): Promise<OpenedFile> {
  const isRegular = path !== '-' && (await attempt(path, () => stat(path))).isFile();
  if (isRegular) return await opened(path, path, maxBytes, async () => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'meterbridge-check-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const aside = join(folder, 'page');
  try {
    const bytes = path === '-' ? input : createReadStream(path);
    await attempt(path, () => pipeline(limited(bytes, path, maxBytes), createWriteStream(aside, { mode: 0o600 })));
    return await opened(aside, path, maxBytes, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function opened(file: string, path: string, maxBytes: number, close: () => Promise<void>): Promise<OpenedFile> {
  const { head, tail } = await attempt(path, () => endsOf(file));
  if (!isGzip(head)) return { format: detect(head, tail), read: () => guarded(createReadStream(file), path), close };
  const unzipped = (): AsyncIterable<Uint8Array> => guarded(gunzipped(file), path);
  let first: Buffer = Buffer.alloc(0);
  let last: Buffer = Buffer.alloc(0);
  for await (const chunk of limited(unzipped(), path, maxBytes)) {
    if (first.length < headBytes) first = Buffer.concat([first, chunk.subarray(0, headBytes - first.length)]);
    last = Buffer.concat([last, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
  }
  return { format: detect(first, last), read: unzipped, close };
}

function gunzipped(file: string): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip();
  createReadStream(file)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  return gunzip;
}

async function endsOf(file: string): Promise<{ readonly head: Uint8Array; readonly tail: Uint8Array }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(headBytes, size));
    const tail = Buffer.alloc(Math.min(tailBytes, size));
    await handle.read(head, 0, head.length, 0);
    await handle.read(tail, 0, tail.length, size - tail.length);
    return { head, tail };
  } finally {
    await handle.close();
  }
}

async function* limited(bytes: AsyncIterable<Uint8Array>, path: string, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > maxBytes) {
      const rule = 'a page has at most as many bytes as --max-bytes says';
      throw sourceError(shownSource(path), `more than ${maxBytes} bytes`, rule, 'raise it');
    }
    yield chunk;
  }
}

async function* guarded(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'CHECK_SOURCE') return error;
  return sourceError(shownSource(path), messageOf(error), 'a page is a file that this user can read', 'correct the path', error);
}
