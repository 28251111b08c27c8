/** A server whose certificate, authorities and policy are those that the web configuration has when a connection comes. */
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { mayConnect } from './client-certificate.ts';
import type { TlsConfig, WebConfig } from './config.ts';
import type { Listener } from './request-checks.ts';
import { secureContextOptions } from './secure-context.ts';

/** A client that does not finish its handshake holds a connection for so long at most. */
const handshakeTimeoutMs = 10_000;

export interface TlsServer {
  readonly server: Server;
  /** Ends every connection at once, those in a handshake too, of which `closeAllConnections` knows nothing. */
  cut(): void;
}

export function createTlsServer(current: () => WebConfig | undefined, options: ServerOptions, listener: Listener): TlsServer {
  // Which clients will do is decided by `mayConnect`: only there it can change while the server runs.
  const server = createServer({ ...options, handshakeTimeout: handshakeTimeoutMs, rejectUnauthorized: false }, listener);
  const connections = new Set<Socket>();
  let used: TlsConfig | undefined;

  server.prependListener('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    const tls = current()?.tls;
    if (tls === used) return;
    used = tls;
    // Without a certificate no handshake comes to an end, which is what a configuration that cannot be used is for. A new context
    // also knows no session of the one before, so that nobody resumes what is not allowed any more.
    server.setSecureContext(tls === undefined ? {} : secureContextOptions(tls));
    // Node.js reads it for each connection, though only the option of this name is public: test/architecture/patched.test.ts holds it to that.
    Object.assign(server, { requestCert: tls?.clientAuth.request === true });
  });
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (used === undefined || !mayConnect(socket, used)) socket.destroy();
  });
  // There is nobody on the other side to write an answer to.
  server.prependListener('tlsClientError', (_error, socket) => void socket.destroy());
  return Object.freeze({
    server,
    cut() {
      for (const connection of connections) connection.destroy();
    },
  });
}
