/** The server of OTLP over gRPC, over `node:http2`. What is no HTTP/2 on its port learns so. */
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { createConnections } from '../connections.ts';
import type { OtlpServer } from '../http/server.ts';
import type { Intake } from '../intake.ts';
import { createRoom } from '../room.ts';
import { answerCall } from './call.ts';
import { createWatch, type Keepalive, type Watched } from './keepalive.ts';

export interface OtlpGrpcOptions {
  /** Limit of a message in bytes, before and after decompression. */
  readonly maxBytes: number;
  readonly keepalive: Keepalive;
  readonly intake: Intake;
}

/** RFC 9113, section 3.4: the first bytes of every client. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const wrongPort = 'this is the gRPC port; OTLP over HTTP is 4318\n';
const wrongProtocol =
  `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n` +
  `Content-Length: ${wrongPort.length}\r\n\r\n${wrongPort}`;
/** A connection must send something within this time. */
const prefaceMs = 60_000;
const lingerMs = 1_000;
/** Calls at a time on a connection. */
const callsAtOnce = 100;
/** Bytes that a client may send ahead of being read: a whole usual message, so that it does not wait for leave to go on. */
const windowBytes = 1_048_576;
const messagesAtOnce = 40;

export function createGrpcServer({ maxBytes, keepalive, intake }: OtlpGrpcOptions): OtlpServer {
  const room = createRoom(messagesAtOnce * maxBytes);
  const connections = createConnections();
  const watch = createWatch(keepalive);
  const sessions = new Map<ServerHttp2Session, Watched>();
  const sockets = new Set<Socket>();

  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: callsAtOnce, initialWindowSize: windowBytes, enablePush: false } });
  http2.on('sessionError', () => {});
  http2.on('session', (session) => {
    session.setLocalWindowSize(windowBytes);
    sessions.set(session, watch.watch(session));
    session.once('close', () => sessions.delete(session));
  });
  http2.on('stream', (stream, headers) => {
    const watched = stream.session && sessions.get(stream.session as ServerHttp2Session);
    watched?.begin();
    stream.once('close', () => watched?.end());
    answerCall(stream, headers, { maxBytes, intake, room });
  });

  const server = createServer({ noDelay: true }, (socket) => {
    connections.enter(socket);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    greet(socket, () => {
      connections.use(socket);
      http2.emit('connection', socket);
    });
  });
  server.on('error', () => {});

  return Object.freeze({
    server,
    async close(graceMs: number) {
      const closed = new Promise((resolve) => server.close(resolve));
      watch.stop();
      // GOAWAY: the client sends its next calls elsewhere, and waits for those under way.
      for (const session of sessions.keys()) session.close();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  });
}

/** Looks at a connection's first bytes, and leaves them there for HTTP/2. */
function greet(socket: Socket, http2: () => void): void {
  socket.setTimeout(prefaceMs, () => socket.destroy());
  socket.once('readable', () => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    socket.setTimeout(0);
    const begin = bytes.subarray(0, preface.length);
    if (begin.equals(preface.subarray(0, begin.length))) {
      socket.unshift(bytes);
      http2();
    } else if (/^[A-Z]+ /.test(begin.toString('latin1'))) {
      socket.end(wrongProtocol);
      socket.resume();
      setTimeout(() => socket.destroy(), lingerMs).unref();
    } else socket.destroy();
  });
}
