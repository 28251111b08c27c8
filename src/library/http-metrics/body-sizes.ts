/** The size of bodies on the wire: before chunks, after compression. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Undefined: a body of a length that its sender does not say. Read from the raw headers, because Node.js makes `headers` when
 * they are first used.
 */
export function requestBodySize({ rawHeaders }: IncomingMessage): number | undefined {
  let chunked = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === contentLength.length && name.toLowerCase() === contentLength) return sizeOf(rawHeaders[at + 1]);
    if (name.length === transferEncoding.length && name.toLowerCase() === transferEncoding) chunked = true;
  }
  return chunked ? undefined : 0;
}

const contentLength = 'content-length';
const transferEncoding = 'transfer-encoding';

function sizeOf(length: string | undefined): number | undefined {
  const size = Number(length);
  return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** The response's original `write` and `end`, and what went through them. */
export interface Written {
  bytes: number;
  readonly write: ServerResponse['write'];
  readonly end: ServerResponse['end'];
}

type Counted = ServerResponse & { [counted]?: Written };
const counted: unique symbol = Symbol('meterbridge.http.written');

/** Counts what is written from now on. Shared functions, so that a response gets no closure of its own. */
export function countWritten(response: Counted): Written {
  const { write, end } = response;
  const written = { bytes: 0, write, end };
  response[counted] = written;
  response.write = countedWrite as ServerResponse['write'];
  response.end = countedEnd as ServerResponse['end'];
  return written;
}

function countedWrite(this: Counted, chunk: unknown, encoding: BufferEncoding, done?: () => void): boolean {
  const written = this[counted] as Written;
  written.bytes += lengthOf(chunk, encoding);
  return written.write.call(this, chunk, encoding, done);
}

/** The end of an HTTP/2 response calls `write`, which must not count again. */
function countedEnd(this: Counted, chunk: unknown, encoding: BufferEncoding, done?: () => void): ServerResponse {
  const written = this[counted] as Written;
  const after = written.bytes + (this.writableEnded ? 0 : lengthOf(chunk, encoding));
  const result = written.end.call(this, chunk, encoding, done);
  written.bytes = after;
  return result;
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string')
    return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0;
}
