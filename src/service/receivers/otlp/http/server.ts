/**
 * The server of OTLP over HTTP, over `node:http` alone. One path with one method needs no router, bodies are read by hand, and
 * Fastify takes 160 ms more of processor time and 14 MB to start.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerUnreadable } from '../../../../net/access/log/unreadable.ts';
import type { Bindable } from '../../../../net/listen/bind.ts';
import { type ConnectionsOptions, createConnections } from '../../../../net/listen/connections.ts';
import { connectionOf, createListening, isGone, isHttp2 } from '../../../../net/listen/http-server.ts';
import { inItsShare } from '../../../../net/listen/shares.ts';
import type { CurrentTls } from '../../../guard/server-tls.ts';
import type { Intake } from '../outcome.ts';
import type { ReportRefusal } from '../report-refusal.ts';
import { createHandler, type HandlerOptions } from './handler.ts';
import { type HttpRefusal, tooSlow, unreadable } from './replies.ts';

export interface OtlpHttpOptions
  extends Pick<HandlerOptions, 'auth' | 'greet' | 'hosts' | 'encodings' | 'room' | 'turns' | 'inflater'> {
  /** The path of metrics. */
  readonly path: string;
  /** Limit of a body in bytes, before and after decompression. */
  readonly maxBytes: number;
  /** Times in milliseconds; 0: the receiver's own limit, or none for an idle connection. */
  readonly readTimeout: number;
  readonly readHeaderTimeout: number;
  /** From the headers of a request to the end of its response. */
  readonly writeTimeout: number;
  readonly idleTimeout: number;
  readonly keepAlive: boolean;
  readonly intake: Intake;
  readonly refused: ReportRefusal;
  /** Limits its connections. Default: 10,000. */
  readonly mostConnections?: number;
  readonly crowded?: ConnectionsOptions['crowded'];
  /** Absent: plain. */
  readonly tls?: CurrentTls | undefined;
  /** How often overdue requests are looked for, in milliseconds. Default: 1,000. */
  readonly checkingMs?: number;
}

/** A whole request must arrive within this time where the configuration has none. */
const requestMs = 60_000;
const defaultCheckingMs = 1_000;
/** How long a rejected client has to read the response while its further bytes are dropped. */
const lingerMs = 1_000;
const broken: HttpRefusal = { ...unreadable('the body is not valid HTTP'), close: true };

export function createHttpServer(options: OtlpHttpOptions): Bindable {
  const { path, maxBytes, intake, refused, keepAlive, writeTimeout } = options;
  /** By connection, or by request where a connection carries several at a time. */
  const waiting = new Map<object, (refusal: HttpRefusal) => void>();
  const { mostConnections: limit, crowded, tls } = options;
  const connections = createConnections({ limit, crowded, isSecure: tls !== undefined });
  const underWay = new Set<ServerResponse>();
  let closing = false;
  const handle = createHandler({
    path,
    maxBytes,
    intake,
    auth: options.auth,
    greet: options.greet,
    hosts: options.hosts,
    encodings: options.encodings,
    refused,
    room: options.room,
    turns: options.turns,
    inflater: options.inflater,
    waits: (request, refuse) => waiting.set(waitsAs(request), refuse),
    arrived: (request) => waiting.delete(waitsAs(request)),
  });

  const requestTimeout = options.readTimeout === 0 ? requestMs : options.readTimeout;
  const headersTimeout = options.readHeaderTimeout === 0 ? requestTimeout : Math.min(options.readHeaderTimeout, requestTimeout);
  const settings = {
    noDelay: true,
    requestTimeout,
    headersTimeout,
    keepAliveTimeout: options.idleTimeout,
    connectionsCheckingInterval: options.checkingMs ?? defaultCheckingMs,
  };
  const listening = createListening(tls, settings, connections);
  const { server } = listening;
  function serve(request: IncomingMessage, response: ServerResponse, asks: boolean): void {
    const connection = connectionOf(request);
    connections.begin(connection);
    underWay.add(response);
    response.once('close', () => {
      connections.end(connection);
      underWay.delete(response);
    });
    // Node.js holds no stream of HTTP/2 to the time of a request.
    if (isHttp2(request)) overdueAfter(request, response, requestTimeout);
    if (closing || !keepAlive) response.shouldKeepAlive = false;
    if (writeTimeout > 0) cutAfter(response, writeTimeout);
    inItsShare(connection, isHttp2(request) ? undefined : request, () => {
      if (!response.headersSent && !isGone(response) && !request.socket.destroyed) handle(request, response, asks);
    });
  }
  server.on('request', (request, response) => serve(request, response, false));
  server.on('checkContinue', (request, response) => serve(request, response, true));
  // A connection that cannot be accepted fails for its client only.
  server.on('error', () => {});

  function overdueAfter(request: IncomingMessage, response: ServerResponse, ms: number): void {
    const timer = setTimeout(() => {
      if (!request.complete) (waiting.get(request) ?? (() => response.destroy()))(tooSlow);
    }, ms);
    response.once('close', () => clearTimeout(timer));
  }

  const withoutRequest = answerUnreadable();
  // In a tick, in which a request that came with the same bytes has begun to wait.
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Duplex) =>
    process.nextTick(unreadableOn, error, socket),
  );
  function unreadableOn(error: Error & { readonly code?: string }, socket: Duplex): void {
    const refuse = waiting.get(socket);
    const reason = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? tooSlow : error.code?.startsWith('HPE_') ? broken : undefined;
    if (refuse === undefined || reason === undefined) {
      withoutRequest(error, socket);
      return;
    }
    waiting.delete(socket);
    refuse(reason);
    setTimeout(() => socket.destroy(), lingerMs).unref();
  }

  return Object.freeze({
    server,
    async close(graceMs: number) {
      closing = true;
      // Otherwise their connections stay open after their responses.
      for (const response of underWay) if (!response.headersSent) response.shouldKeepAlive = false;
      const closed = new Promise((resolve) => server.close(resolve));
      listening.end();
      const timer = setTimeout(() => {
        connections.cut();
        listening.cut();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  });
}

function waitsAs(request: IncomingMessage): object {
  return isHttp2(request) ? request : request.socket;
}

function cutAfter(response: ServerResponse, ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms);
  response.once('close', () => clearTimeout(timer));
}
