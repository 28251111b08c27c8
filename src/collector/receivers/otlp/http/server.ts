/**
 * The server of OTLP over HTTP, over `node:http` alone. One path with one method needs no router, bodies are read by hand, and Fastify
 * takes 160 ms more of processor time and 14 MB to start.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerUnreadable } from '../../../../access/unreadable.ts';
import { createConnections } from '../connections.ts';
import type { OtlpServer, Refused } from '../otlp-server.ts';
import type { Intake } from '../outcome.ts';
import { createRoom } from '../room.ts';
import { createHandler } from './handler.ts';
import { type Refusal, tooSlow, unreadable } from './replies.ts';

export interface OtlpHttpOptions {
  /** The path of metrics. */
  readonly path: string;
  /** Limit of a body in bytes, before and after decompression. */
  readonly maxBytes: number;
  /** Times in milliseconds; 0: the receiver's own limit, or none for an idle connection. */
  readonly readTimeout: number;
  readonly readHeaderTimeout: number;
  /** From the headers of a request to the end of its answer. */
  readonly writeTimeout: number;
  readonly idleTimeout: number;
  readonly keepAlive: boolean;
  readonly intake: Intake;
  readonly refused: Refused;
  /** How often overdue requests are looked for, in milliseconds. Default: 1,000. */
  readonly checkingMs?: number;
}

/** A whole request must arrive within this time where the configuration has none. */
const requestMs = 60_000;
const defaultCheckingMs = 1_000;
/** How long a refused client has to read the answer while its further bytes are dropped. */
const lingerMs = 1_000;
/** So many of the largest bodies may arrive at a time, each slower than the next. */
const bodiesAtOnce = 8;
const broken: Refusal = { ...unreadable('the body is not valid HTTP'), headers: { connection: 'close' } };

export function createHttpServer(options: OtlpHttpOptions): OtlpServer {
  const { path, maxBytes, intake, refused, keepAlive, writeTimeout } = options;
  const waiting = new Map<Duplex, (refusal: Refusal) => void>();
  const connections = createConnections();
  let closing = false;
  const handle = createHandler({
    path,
    maxBytes,
    intake,
    refused,
    room: createRoom(bodiesAtOnce * maxBytes),
    waits: ({ socket }: IncomingMessage, refuse) => waiting.set(socket, refuse),
    arrived: ({ socket }: IncomingMessage) => waiting.delete(socket),
  });

  const requestTimeout = options.readTimeout === 0 ? requestMs : options.readTimeout;
  const headersTimeout = options.readHeaderTimeout === 0 ? requestTimeout : Math.min(options.readHeaderTimeout, requestTimeout);
  const server = createServer({
    noDelay: true,
    requestTimeout,
    headersTimeout,
    keepAliveTimeout: options.idleTimeout,
    connectionsCheckingInterval: options.checkingMs ?? defaultCheckingMs,
  });
  server.on('connection', connections.enter);
  function serve(request: IncomingMessage, response: ServerResponse, asks: boolean): void {
    connections.use(request.socket);
    if (closing || !keepAlive) response.shouldKeepAlive = false;
    if (writeTimeout > 0) cutAfter(response, writeTimeout);
    handle(request, response, asks);
  }
  server.on('request', (request, response) => serve(request, response, false));
  server.on('checkContinue', (request, response) => serve(request, response, true));
  // A connection that cannot be accepted fails for its client only.
  server.on('error', () => {});

  const withoutRequest = answerUnreadable();
  server.on('clientError', (error: Error & { readonly code?: string }, socket) => {
    const refuse = waiting.get(socket);
    const reason = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? tooSlow : error.code?.startsWith('HPE_') ? broken : undefined;
    if (refuse === undefined || reason === undefined) return withoutRequest(error, socket);
    waiting.delete(socket);
    refuse(reason);
    setTimeout(() => socket.destroy(), lingerMs).unref();
  });

  return Object.freeze({
    server,
    async close(graceMs: number) {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  });
}

function cutAfter(response: ServerResponse, ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms);
  response.once('close', () => clearTimeout(timer));
}
