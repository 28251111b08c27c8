/**
 * Reads the whole body of a request: in linear time, and in memory in proportion to what has arrived, whatever length the client
 * announces.
 */
import type { Readable } from 'node:stream';

export type BodyResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  /**
   * `too large`: longer than the limit (RFC 9110, section 15.5.14). `incomplete`: the client left, or the body was read before.
   */
  | { readonly ok: false; readonly reason: 'too large' | 'incomplete' };

/** Reads a body of at most `maxBytes` bytes. */
export type ReadBody = (maxBytes: number) => Promise<BodyResult>;

const tooLarge: BodyResult = Object.freeze({ ok: false, reason: 'too large' });
const incomplete: BodyResult = Object.freeze({ ok: false, reason: 'incomplete' });

/** The length that a `Content-Length` announces; undefined where it is absent or not a number. */
function announcedBy(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/**
 * Bytes that arrive in chunks. A single chunk is kept without a copy; of several, each byte is copied three times at most, on
 * average.
 */
function createChunks(maxBytes: number, announced: number | undefined) {
  let bytes: Uint8Array = new Uint8Array(0);
  let length = 0;
  return {
    /** False, and nothing is added, if the total would exceed `maxBytes`. */
    add(chunk: Uint8Array): boolean {
      const needed = length + chunk.byteLength;
      if (needed > maxBytes) return false;
      if (length === 0) bytes = chunk;
      else {
        if (needed > bytes.byteLength) {
          // Doubles each time: a client that announces much and sends little holds little memory.
          const most = announced !== undefined && announced >= needed ? announced : maxBytes;
          const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(most, 2 * bytes.byteLength)));
          larger.set(bytes.subarray(0, length));
          bytes = larger;
        }
        bytes.set(chunk, length);
      }
      length = needed;
      return true;
    },
    whole: (): BodyResult => ({ ok: true, bytes: bytes.subarray(0, length) }),
  };
}

/** The body of a stream that has no other reader. Bytes beyond the limit are dropped as they arrive. */
export function readStream(stream: Readable, contentLength: string | undefined, maxBytes: number): Promise<BodyResult> {
  const announced = announcedBy(contentLength);
  if (announced !== undefined && announced > maxBytes) return Promise.resolve(tooLarge);
  if (stream.readableEnded || stream.destroyed) return Promise.resolve(incomplete);
  const chunks = createChunks(maxBytes, announced);
  return new Promise((resolve) => {
    function take(chunk: Uint8Array | string): void {
      if (chunks.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)) return;
      stream.off('data', take).resume();
      resolve(tooLarge);
    }
    stream.once('end', () => resolve(chunks.whole()));
    for (const event of ['error', 'close']) stream.once(event, () => resolve(incomplete));
    stream.on('data', take);
  });
}

/** The same for a Fetch `Request`. A body beyond the limit is cancelled. */
export async function readFetched(request: Request, maxBytes: number): Promise<BodyResult> {
  const announced = announcedBy(request.headers.get('content-length') ?? undefined);
  if (announced !== undefined && announced > maxBytes) return tooLarge;
  if (request.bodyUsed) return incomplete;
  const chunks = createChunks(maxBytes, announced);
  try {
    for await (const chunk of request.body ?? []) if (!chunks.add(chunk)) return tooLarge;
  } catch {
    return incomplete;
  }
  return chunks.whole();
}
