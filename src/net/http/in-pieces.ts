/**
 * Sends a large body in pieces, with a turn of the event loop between two. Written as a whole, it would be copied to a fast
 * client in one go: 42 MB blocked the application for 9 ms.
 */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** To copy this much into a socket takes 0.1 to 0.3 ms; up to three pieces are written in a turn. */
export const pieceBytes = 256 * 1024;
/**
 * A piece is as many times as long as a turn lasts half milliseconds, at most so many: otherwise a large body would wait for
 * hundreds of turns of a busy loop.
 */
const mostTimes = 16;

/** The body itself when it is small. */
export function inPieces(body: Uint8Array): Uint8Array | Readable {
  return body.byteLength <= pieceBytes ? body : Readable.from(pieces(body), { objectMode: false, highWaterMark: pieceBytes });
}

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  let bytes = pieceBytes;
  for (let at = 0; at < body.byteLength; at += bytes) {
    if (at > 0) bytes = pieceBytes * Math.min(mostTimes, Math.max(1, Math.floor(2 * (await turn()))));
    yield body.subarray(at, at + bytes);
  }
}

/** Lets the event loop turn. Returns how many milliseconds it took. */
async function turn(): Promise<number> {
  const from = performance.now();
  await setImmediate();
  return performance.now() - from;
}
