import { promisify } from 'node:util';
import { parseAccept } from '../../formats/exposition/accept.ts';

/** A smaller body fits into one packet anyway, and compressing it saves nothing. */
const worthItBytes = 1024;

/** Whether a client accepts gzip and gives it at least the weight of the plain body (RFC 9110, section 12.5.3). */
export function asksForGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map(parseAccept(acceptEncoding ?? '').map((entry) => [entry.value, entry.q]));
  const q = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0;
  return q > 0 && q >= (weights.get('identity') ?? 0);
}

export function isWorthCompressing(body: Uint8Array): boolean {
  return body.byteLength >= worthItBytes;
}

/** Handing it to zlib's own thread, and back, costs the main thread about as much as compressing so much itself. */
const atOnceBytes = 16 * 1024;

export function isCompressedAtOnce(body: Uint8Array): boolean {
  return body.byteLength <= atOnceBytes;
}

/** For bodies that pass `isCompressedAtOnce`. */
export function compressAtOnce(body: Uint8Array): Uint8Array {
  const { constants, gzipSync } = zlib();
  return gzipSync(body, { level: constants.Z_BEST_SPEED });
}

/**
 * From so many bytes on, the result is made in one piece: pieces would be there twice when they are put together. What is not
 * written takes no memory.
 */
const onePieceBytes = 1_048_576;
/** What gzip makes larger, at most: its head and end, and 5 bytes of each block of 16 KiB. */
const mostAdded = 1_024;
const addedShare = 1 / 1_024;

/** Runs in zlib's own thread. */
export async function compress(body: Uint8Array): Promise<Uint8Array> {
  const { constants, gzip } = zlib();
  const { byteLength } = body;
  const level = constants.Z_BEST_SPEED;
  if (byteLength < onePieceBytes) return promisify(gzip)(body, { level });
  return promisify(gzip)(body, { level, chunkSize: byteLength + Math.ceil(byteLength * addedShare) + mostAdded });
}

/**
 * zlib loads at the first scrape that requests gzip, because loading costs some milliseconds. The level is the fastest:
 * expositions repeat themselves so much that a higher one hardly makes them smaller.
 */
function zlib(): typeof import('node:zlib') {
  return process.getBuiltinModule('node:zlib');
}
