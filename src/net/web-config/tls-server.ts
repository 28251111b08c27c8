/** A server that takes certificate, authorities and policy from the current configuration at each connection. */
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Server as AnyTlsServer, TLSSocket } from 'node:tls';
import { mayConnect } from './client-certificate.ts';
import type { TlsConfig } from './config.ts';
import type { Listener } from './request-checks.ts';
import { secureContextOptions } from './secure-context.ts';

/**
 * What a server that `followTls` configures is created with. The longest that an unfinished handshake may hold a connection is 10
 * s.
 */
export const tlsServerOptions = Object.freeze({
  handshakeTimeout: 10_000,
  // `mayConnect` decides which clients are accepted, because only there the rule can change while the server runs.
  rejectUnauthorized: false,
});

export interface TlsServer {
  readonly server: Server;
  /** Ends every connection at once, also those in a handshake, which `closeAllConnections` does not cover. */
  cut(): void;
}

export function createTlsServer(current: () => TlsConfig | undefined, options: ServerOptions, listener: Listener): TlsServer {
  const server = createServer({ ...options, ...tlsServerOptions }, listener);
  return Object.freeze({ server, cut: followTls(server, current) });
}

/**
 * Gives each new connection of a server over TLS, of whichever protocol, the present configuration; undefined keeps every client
 * out. Returns what ends every connection at once.
 */
export function followTls(server: AnyTlsServer, current: () => TlsConfig | undefined): () => void {
  const connections = new Set<Socket>();
  let used: TlsConfig | undefined;

  server.prependListener('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    const tls = current();
    if (tls === used) return;
    used = tls;
    // Without a certificate no handshake completes, as intended for an unusable configuration. A new context also drops all
    // earlier sessions, so that a client cannot resume one that is no longer allowed.
    server.setSecureContext(tls === undefined ? {} : secureContextOptions(tls));
    // Node.js reads it for each connection, though only the option of this name is public: test/architecture/patched.test.ts
    // checks that.
    Object.assign(server, { requestCert: tls?.clientAuth.request === true });
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (used === undefined || !mayConnect(socket, used)) socket.destroy();
  });
  // The connection has no reader for a response.
  server.prependListener('tlsClientError', (_error, socket) => void socket.destroy());
  return () => {
    for (const connection of connections) connection.destroy();
  };
}
