import { promisify } from 'node:util';
import { parseAccept } from '../exposition/accept.ts';

/** Below this a body fits into one packet anyway, and compressing it saves nothing. */
const worthItBytes = 1024;

/** Whether a client asks for gzip, and does not like the plain body better (RFC 9110, section 12.5.3). */
export function asksForGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map(parseAccept(acceptEncoding ?? '').map((entry) => [entry.value, entry.q]));
  const q = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0;
  return q > 0 && q >= (weights.get('identity') ?? 0);
}

export function isWorthCompressing(body: Uint8Array): boolean {
  return body.byteLength >= worthItBytes;
}

/**
 * In zlib's own thread. The fastest level: expositions repeat themselves so much that more effort hardly makes them smaller. Loaded at the first
 * scrape that asks for it, because it would cost every start some milliseconds.
 */
export async function compress(body: Uint8Array): Promise<Uint8Array> {
  const { constants, gzip } = await import('node:zlib');
  return promisify(gzip)(body, { level: constants.Z_BEST_SPEED });
}
