/**
 * The receiver's responses over HTTP, as OTLP specifies them: a `Status` in the request's encoding, the Collector's text where
 * there is none.
 */
import type { ServerResponse } from 'node:http';
import type { Encoding } from '../../../../formats/otlp/export-answers.ts';
import { type Code, codes, exportAnswer, statusAnswer } from '../../../../formats/otlp/export-answers.ts';
import { otherHost } from '../../../../net/listen/hosts.ts';
import { isHttp2 } from '../../../../net/listen/http-server.ts';
import type { AuthRefusal } from '../../../component.ts';
import { isRetryable, refusalKinds, refusalWords } from '../../../guard/auth.ts';
import type { RefusedRequest, TakenRequest } from '../outcome.ts';

export interface HttpRefusal {
  /** HTTP's status. */
  readonly status: number;
  readonly code: Code;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends; in HTTP/2, where others share it, the request alone. */
  readonly close?: true;
  /** What it is counted as, where the code does not say it. */
  readonly kind?: string;
}

const contentTypes: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };
const none = new Uint8Array(0);
const wholeHeaders: Readonly<Record<Encoding, Record<string, string>>> = {
  protobuf: { 'content-type': contentTypes.protobuf, 'content-length': '0' },
  json: { 'content-type': contentTypes.json, 'content-length': '2' },
};

export const notFound: HttpRefusal = { status: 404, code: codes.notFound, message: '404 page not found' };
export const notPost: HttpRefusal = {
  status: 405,
  code: codes.unimplemented,
  message: '405 method not allowed, supported: [POST]',
  headers: { allow: 'POST' },
};
export const otherType: HttpRefusal = {
  status: 415,
  code: codes.unimplemented,
  message: '415 unsupported media type, supported: [application/json, application/x-protobuf]',
};
export const tooSlow: HttpRefusal = {
  status: 408,
  code: codes.deadlineExceeded,
  message: 'the request did not arrive within its time',
  close: true,
};
export const crowdedOut: HttpRefusal = {
  status: 503,
  code: codes.unavailable,
  message: 'too many bodies arrive at once; this one has taken the longest',
  headers: { 'retry-after': '1' },
  close: true,
};

export const noMemory: HttpRefusal = {
  status: 503,
  code: codes.unavailable,
  message: 'what senders make the service hold has reached --max-memory',
  headers: { 'retry-after': '1' },
  close: true,
  kind: 'no_memory',
};

export function unauthorized(refusal: AuthRefusal, challenge: string): HttpRefusal {
  const [message, kind] = [refusalWords[refusal], refusalKinds[refusal]];
  if (isRetryable(refusal)) return { status: 503, code: codes.unavailable, message, kind, headers: { 'retry-after': '1' } };
  return { status: 401, code: codes.unauthenticated, message, kind, headers: { 'www-authenticate': challenge } };
}

export function misdirected(message: string): HttpRefusal {
  return { status: 421, code: codes.invalidArgument, message, kind: otherHost };
}

const known = ['gzip', 'zstd', 'deflate', 'zlib'];

/** @param allowed '' means none */
export function unknownCompression(contentEncoding: string, allowed: Iterable<string> = known): HttpRefusal {
  const names = [...allowed].map((one) => (one === '' ? 'none' : one)).join(', ');
  return {
    status: 400,
    code: codes.invalidArgument,
    message: `unsupported Content-Encoding: ${contentEncoding}; supported: ${names}`,
  };
}

export function tooLarge(maxBytes: number, when: '' | ' once decompressed'): HttpRefusal {
  const message = `the body is larger than max_request_body_size, ${maxBytes} bytes${when}`;
  return { status: 413, code: codes.resourceExhausted, message };
}

/** What the pipelines, or the reading of the request's bytes, have rejected. */
export function replyToRefused({ code, why }: RefusedRequest): HttpRefusal {
  if (code === codes.unavailable) return { status: 503, code, message: why, headers: { 'retry-after': '1' } };
  return code === codes.internal ? { status: 500, code, message: why } : unreadable(why);
}

export function unreadable(message: string): HttpRefusal {
  return { status: 400, code: codes.invalidArgument, message };
}

export function sendTaken(response: ServerResponse, encoding: Encoding, { rejected, why }: TakenRequest): void {
  if (rejected === 0 && why === '') {
    response.writeHead(200, wholeHeaders[encoding]);
    // As a string, the body leaves with the headers in one write.
    response.end(encoding === 'json' ? '{}' : undefined);
    return;
  }
  const body = exportAnswer(encoding, rejected, why);
  response.writeHead(200, { 'content-type': contentTypes[encoding], 'content-length': body.length });
  response.end(body);
}

export function sendRefusal(response: ServerResponse, encoding: Encoding | undefined, refusal: HttpRefusal): void {
  const { status, code, message, close, headers } = refusal;
  const body =
    encoding === undefined ? Buffer.from(status === 404 ? `${message}\n` : message) : statusAnswer(encoding, code, message);
  const type = encoding === undefined ? plainType(status) : contentTypes[encoding];
  const ends = close === true && !isHttp2(response.req) ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers, ...ends });
  response.end(response.req.method === 'HEAD' ? none : body);
}

/** The Collector's: its 404 is Go's own. */
function plainType(status: number): string {
  return status === 404 ? 'text/plain; charset=utf-8' : 'text/plain';
}
