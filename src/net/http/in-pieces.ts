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
/**
 * Pieces of all bodies together that their clients have yet to take, in bytes: from here on they are small. TLS keeps a copy of
 * what it has encrypted.
 */
const mostWaiting = 16 * 1024 * 1024;
const smallBytes = 64 * 1024;

let waiting = 0;

/** Bytes of pieces that are on their way to clients; over TLS there are so many beside the bodies themselves. */
export function bytesInPieces(): number {
  return waiting;
}

/** The body itself when it is small. */
export function inPieces(body: Uint8Array): Uint8Array | Readable {
  return body.byteLength <= pieceBytes ? body : Readable.from(pieces(body), { objectMode: false, highWaterMark: smallBytes });
}

async function* pieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  let bytes = pieceBytes;
  // While a stream holds one, its client has yet to take the one before.
  let [before, last] = [0, 0];
  try {
    for (let at = 0; at < body.byteLength; at += bytes) {
      // Behind the turn, in which others may have begun.
      if (at > 0) bytes = bytesFor(await turn());
      const piece = body.subarray(at, at + bytes);
      waiting += piece.byteLength - before;
      [before, last] = [last, piece.byteLength];
      yield piece;
    }
  } finally {
    waiting -= before + last;
  }
}

function bytesFor(ms: number): number {
  const times = Math.floor(Math.min(mostTimes, Math.max(1, 2 * ms), (mostWaiting - waiting) / pieceBytes));
  return times < 1 ? smallBytes : times * pieceBytes;
}

/** Lets the event loop turn. Returns how many milliseconds it took. */
async function turn(): Promise<number> {
  const from = performance.now();
  await setImmediate();
  return performance.now() - from;
}
