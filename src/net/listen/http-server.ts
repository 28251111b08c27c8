/** What listens: HTTP/1.1, and over TLS also HTTP/2, as the Collector's server offers both. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsConfig } from '../web-config/config.ts';
import { followTls, tlsServerOptions } from '../web-config/tls-server.ts';
import type { Connections } from './connections.ts';
import { boundHandshakes } from './handshakes.ts';
import { defaultBounds } from './listener-bounds.ts';
import { readInShares } from './shares.ts';

export interface Listening {
  /** Its events are those of HTTP/1.1; requests over HTTP/2 have the same form. */
  readonly server: Server;
  /** Idle connections end, and busy ones take no new request. */
  end(): void;
  /** Ends every connection at once. */
  cut(): void;
}

/** Requests of a connection over HTTP/2 at a time. */
const settings = { maxConcurrentStreams: 100 };

export function createListening(tls: (() => TlsConfig) | undefined, options: ServerOptions, connections: Connections): Listening {
  if (tls === undefined) {
    const server = createServer(options).on('connection', connections.enter).on('connection', readInShares);
    return { server, end: () => {}, cut: () => server.closeAllConnections() };
  }
  const server = createSecureServer({ ...options, ...tlsServerOptions, allowHTTP1: true, settings });
  // Before Node.js 24 these are no options of such a server, but properties.
  Object.assign(server, options);
  let secured: Socket | undefined;
  server.on('connection', connections.enter);
  boundHandshakes(server, defaultBounds.handshakes, (connection, secure) => {
    secured = secure;
    connections.known(connection, secure);
    if ((secure as TLSSocket).alpnProtocol !== 'h2') readInShares(secure);
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    // Node.js makes it of the connection that has just become secure.
    if (secured !== undefined) connections.known(secured, session);
    session.once('close', () => sessions.delete(session));
    if (options.keepAliveTimeout) session.setTimeout(options.keepAliveTimeout, () => session.close());
  });
  server.on('sessionError', () => {});
  return {
    // Node.js documents its requests and responses as those of HTTP/1.1, and gives its type no common one with them.
    server: server as unknown as Server,
    end() {
      for (const session of sessions) session.close();
    },
    cut: followTls(server, tls),
  };
}

export function isHttp2({ httpVersionMajor }: IncomingMessage): boolean {
  return httpVersionMajor === 2;
}

/** The key of a request's connection in `connections`. */
export function connectionOf(request: IncomingMessage): object {
  return (isHttp2(request) && (request as unknown as Http2ServerRequest).stream.session) || request.socket;
}

/** The client has left. */
export function isGone(response: ServerResponse): boolean {
  return response.destroyed || (isHttp2(response.req) && (response as unknown as Http2ServerResponse).stream.destroyed);
}
