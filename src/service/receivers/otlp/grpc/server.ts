/** The server of OTLP over gRPC, over `node:http2`. */
import { performServerHandshake, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { codes } from '../../../../formats/otlp/export-answers.ts';
import type { Bindable } from '../../../../net/listen/bind.ts';
import { type Connections, type ConnectionsOptions, createConnections } from '../../../../net/listen/connections.ts';
import { boundHandshakes } from '../../../../net/listen/handshakes.ts';
import { defaultBounds } from '../../../../net/listen/listener-bounds.ts';
import { boundResets, cancelsTooFast, resets, tooManyResets } from '../../../../net/listen/resets.ts';
import { endShare, inItsShare } from '../../../../net/listen/shares.ts';
import { followTls, tlsServerOptions } from '../../../../net/web-config/tls-server.ts';
import type { CurrentTls } from '../../../guard/server-tls.ts';
import { answerCall, type CallOptions } from './call.ts';
import { type Keepalive, watchSession } from './keepalive.ts';
import { sniffPreface } from './sniff-preface.ts';

export interface OtlpGrpcOptions extends CallOptions {
  readonly keepalive: Keepalive;
  /** Limits its connections. Default: 10,000. */
  readonly mostConnections?: number;
  readonly crowded?: ConnectionsOptions['crowded'];
  /** Absent: plain. */
  readonly tls?: CurrentTls | undefined;
  /** How often connections are held to `keepalive`, in milliseconds. Default: 1,000. */
  readonly checkingMs?: number;
}

const defaultCheckingMs = 1_000;
/** Bytes that a client may send ahead: a whole usual message, so that it does not wait for leave to go on. */
const windowBytes = 1_048_576;
/**
 * Calls at a time: of one connection, where there are few, and of all. A connection may have some in any case, since a Collector
 * sends several at a time.
 */
const callsOfOne = 100;
const callsOfAll = 10_000;
const leastCallsOfOne = 10;
/** Empty SETTINGS, and GOAWAY with ENHANCE_YOUR_CALM (RFC 9113, sections 6.5 and 6.8). */
const calmFrames = Buffer.from('000000040000000000' + '000008070000000000' + '00000000' + '0000000b', 'hex');

export function createGrpcServer({
  keepalive,
  mostConnections,
  crowded,
  tls,
  checkingMs = defaultCheckingMs,
  ...call
}: OtlpGrpcOptions): Bindable {
  const connections = createConnections({ limit: mostConnections, crowded, isSecure: tls !== undefined });
  const silent = new Set<Socket>();
  const sessions = new Map<ServerHttp2Session, ReturnType<typeof watchSession>>();

  const calmed = () => call.refused(codes.unavailable, cancelsTooFast, tooManyResets);

  function serve(socket: Socket): void {
    const share = Math.floor(callsOfAll / (sessions.size + 1));
    const maxConcurrentStreams = Math.max(leastCallsOfOne, Math.min(callsOfOne, share));
    const session = performServerHandshake(socket, { settings: { maxConcurrentStreams, initialWindowSize: windowBytes } });
    const watched = watchSession(session, keepalive, performance.now());
    sessions.set(session, watched);
    session.once('close', () => {
      sessions.delete(session);
      endShare(socket);
    });
    session.on('error', () => {});
    session.setLocalWindowSize(windowBytes);
    const closed = boundResets(session, calmed);
    session.on('stream', (stream, headers, _flags, raw) => {
      connections.begin(socket);
      watched.call(1, performance.now());
      // A client that leaves is none of the process's errors.
      stream.on('error', () => {});
      stream.once('close', () => {
        connections.end(socket);
        watched.call(-1, performance.now());
        closed(stream);
      });
      inItsShare(socket, undefined, () => {
        if (!stream.destroyed) answerCall(stream, headers, raw, call);
      });
    });
  }
  const checking = setInterval(() => {
    for (const { check } of sessions.values()) check(performance.now());
  }, checkingMs).unref();

  const { server, cut } = listenerOf(tls, connections, (socket) => {
    if (socket.destroyed) return;
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    sniffPreface(socket, (ahead) => {
      silent.delete(socket);
      if (ahead <= resets.burst) return serve(socket);
      calmed();
      socket.end(calmFrames, () => socket.destroy());
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
