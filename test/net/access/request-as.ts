/**
 * Asks an endpoint as somebody: over a socket of its own, from an address of 127.0.0.0/8, and through proxies as they would say
 * it. What comes back is status, headers and body as they were on the wire.
 */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { takeApart } from '../http/requests.ts';

export interface Asking {
  /** The peer: an address in 127.0.0.0/8, or `::1`. Default: 127.0.0.1. */
  readonly from?: string;
  /** `X-Forwarded-For`, one line each. */
  readonly forwarded?: readonly string[];
  readonly realIp?: string;
  /** The text of `Authorization`. */
  readonly authorization?: string;
  /** Default: GET. */
  readonly method?: string;
  /** Default: `/metrics`. */
  readonly path?: string;
  /** Further header lines. */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** Default: `localhost`. */
  readonly host?: string;
}

export interface Answer {
  readonly status: number;
  /** In lower case, in their order, without the date. */
  readonly headers: readonly string[];
  readonly body: string;
}

export async function ask(port: number, asking: Asking = {}): Promise<Answer> {
  const {
    from = '127.0.0.1',
    forwarded = [],
    realIp,
    authorization,
    method = 'GET',
    path = '/metrics',
    host = 'localhost',
  } = asking;
  const { lines = [], body } = asking;
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...forwarded.map((line) => `X-Forwarded-For: ${line}`),
    ...(realIp === undefined ? [] : [`X-Real-IP: ${realIp}`]),
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    ...lines,
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  const socket = connect({ port, host: from.includes(':') ? '::1' : '127.0.0.1', localAddress: from });
  socket.write(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`);
  return takeApart(await text(socket));
}

/** An answer as it would be without its request id, which is another each time. */
export function withoutId(answer: Answer): Answer {
  return { ...answer, headers: answer.headers.filter((line) => !line.startsWith('x-request-id:')) };
}

export function headerOf(answer: Answer, name: string): string | undefined {
  const found = answer.headers.find((line) => line.startsWith(`${name}: `));
  return found?.slice(name.length + 2);
}
