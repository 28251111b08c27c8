/** The size of bodies on the wire: before chunks, after compression. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Undefined: a body of a length that its sender does not say. */
export function requestBodySize({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  if (length !== undefined) {
    const size = Number(length);
    return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
  }
  return headers['transfer-encoding'] === undefined ? 0 : undefined;
}

/** What the answer's `write` and `end` were, and what went through them. */
export interface Written {
  bytes: number;
  readonly write: ServerResponse['write'];
  readonly end: ServerResponse['end'];
}

type Counted = ServerResponse & { [counted]?: Written };
const counted: unique symbol = Symbol('meterbridge.http.written');

/** Counts what is written from now on. Shared functions, so that an answer gets no closure of its own. */
export function countWritten(response: Counted): Written {
  const { write, end } = response;
  const written = { bytes: 0, write, end };
  response[counted] = written;
  response.write = countedWrite as ServerResponse['write'];
  response.end = countedEnd as ServerResponse['end'];
  return written;
}

function countedWrite(this: Counted, ...given: unknown[]): boolean {
  const written = this[counted] as Written;
  written.bytes += lengthOf(given[0], given[1]);
  return Reflect.apply(written.write, this, given);
}

/** The end of an HTTP/2 response calls `write`, which must not count again. */
function countedEnd(this: Counted, ...given: unknown[]): ServerResponse {
  const written = this[counted] as Written;
  const after = written.bytes + (this.writableEnded ? 0 : lengthOf(given[0], given[1]));
  const result = Reflect.apply(written.end, this, given);
  written.bytes = after;
  return result;
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  return ArrayBuffer.isView(chunk) ? chunk.byteLength : 0;
}
