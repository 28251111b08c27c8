/** The server of OTLP over gRPC, over `node:http2`. */
import { performServerHandshake, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Bindable } from '../../../../listen/bind.ts';
import { type Connections, type ConnectionsOptions, createConnections } from '../../../../listen/connections.ts';
import { boundHandshakes } from '../../../../listen/handshakes.ts';
import { defaultBounds } from '../../../../listen/listener-bounds.ts';
import { followTls, tlsServerOptions } from '../../../../web-config/tls-server.ts';
import type { CurrentTls } from '../../../guard/server-tls.ts';
import { answerCall, type CallOptions } from './call.ts';
import { type Keepalive, watchSession } from './keepalive.ts';
import { sniffPreface } from './sniff-preface.ts';

export interface OtlpGrpcOptions extends CallOptions {
  readonly keepalive: Keepalive;
  readonly crowded?: ConnectionsOptions['crowded'];
  /** Absent: plain. */
  readonly tls?: CurrentTls | undefined;
  /** How often connections are held to `keepalive`, in milliseconds. Default: 1,000. */
  readonly checkingMs?: number;
}

const defaultCheckingMs = 1_000;
/** Bytes that a client may send ahead: a whole usual message, so that it does not wait for leave to go on. */
const windowBytes = 1_048_576;
const settings = { maxConcurrentStreams: 100, initialWindowSize: windowBytes };

export function createGrpcServer({ keepalive, crowded, tls, checkingMs = defaultCheckingMs, ...call }: OtlpGrpcOptions): Bindable {
  const connections = createConnections({ crowded });
  const silent = new Set<Socket>();
  const sessions = new Map<ServerHttp2Session, ReturnType<typeof watchSession>>();

  function serve(socket: Socket): void {
    const session = performServerHandshake(socket, { settings });
    const watched = watchSession(session, keepalive, performance.now());
    sessions.set(session, watched);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => {});
    session.setLocalWindowSize(windowBytes);
    session.on('stream', (stream, headers, _flags, raw) => {
      connections.begin(socket);
      watched.call(1, performance.now());
      stream.once('close', () => {
        connections.end(socket);
        watched.call(-1, performance.now());
      });
      answerCall(stream, headers, raw, call);
    });
  }
  const checking = setInterval(() => {
    for (const { check } of sessions.values()) check(performance.now());
  }, checkingMs).unref();

  const { server, cut } = listenerOf(tls, connections, (socket) => {
    if (socket.destroyed) return;
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    sniffPreface(socket, () => {
      silent.delete(socket);
      serve(socket);
    });
  });
  // A connection that cannot be accepted fails for its client only.
  server.on('error', () => {});

  return Object.freeze({
    server,
    async close(graceMs: number) {
      const closed = new Promise((resolve) => server.close(resolve));
      clearInterval(checking);
      for (const socket of silent) socket.destroy();
      // GOAWAY: the client sends its next calls elsewhere, and waits for those under way.
      for (const session of sessions.keys()) session.close();
      const timer = setTimeout(() => {
        connections.cut();
        cut();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  });
}

/** `connected`: a connection over which HTTP/2 is spoken. `cut` ends those that are no further than a handshake. */
function listenerOf(tls: CurrentTls | undefined, connections: Connections, connected: (socket: Socket) => void): Listener {
  if (tls === undefined) {
    const server = createServer({ noDelay: true }, connected).prependListener('connection', connections.enter);
    return { server, cut: () => {} };
  }
  const server = createTlsServer({ noDelay: true, ALPNProtocols: ['h2'], ...tlsServerOptions }, connected);
  server.on('connection', connections.enter);
  boundHandshakes(server, defaultBounds.handshakes, connections.known);
  return { server, cut: followTls(server, tls) };
}

interface Listener {
  readonly server: Server;
  cut(): void;
}
