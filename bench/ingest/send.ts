/** Four kept connections that send ready-made requests, each the next one once the last was answered. */
import { once } from 'node:events';
import { connect } from 'node:http2';
import { createConnection, type Socket } from 'node:net';
import type { Server } from './server.ts';

export interface Sender {
  /** Sends these requests, shared among the connections. */
  send(requests: readonly Buffer[]): Promise<void>;
  /** Bytes of all answers; of gRPC nobody has counted them. */
  received(): number;
  close(): void;
}

/** Makes a request of a body, whole as it goes to the socket: to make it costs the sender, and no server. */
export type Frame = (body: Buffer) => Buffer;

const connections = 4;
/** A frame of gRPC: whether it is compressed, and its length. */
const prefixBytes = 5;

export const grpcFrame: Frame = (body) => {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
};

export function httpFrame(gzip: boolean): Frame {
  const encoding = gzip ? 'Content-Encoding: gzip\r\n' : '';
  return (body) => {
    const head = `POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n${encoding}Content-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  };
}

async function shared(requests: readonly Buffer[], post: (request: Buffer, at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (at: number): Promise<void> => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) await post(request, at);
  };
  await Promise.all(Array.from({ length: connections }, (_, at) => work(at)));
}

export async function createHttpSender({ http }: Server): Promise<Sender> {
  const { hostname, port } = new URL(http);
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  return {
    send: (requests) => shared(requests, (request, at) => post(sockets[at] as Socket, request)),
    received: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function post(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    function end(error?: Error): void {
      socket.off('data', more).off('close', lost);
      if (error === undefined) resolve();
      else reject(error);
    }
    function more(chunk: Buffer): void {
      answer += chunk.toString('latin1');
      const body = answer.indexOf('\r\n\r\n') + 4;
      if (body === 3) return;
      const length = /^content-length: (\d+)/im.exec(answer.slice(0, body))?.[1];
      if (!answer.startsWith('HTTP/1.1 200 ') || length === undefined) end(new Error(`the server answers ${answer}`));
      else if (answer.length === body + Number(length)) end();
    }
    const lost = () => end(new Error('the server has closed the connection'));
    socket.on('data', more).once('close', lost);
    socket.write(request);
  });
}

export function createGrpcSender({ grpc }: Server): Sender {
  const sessions = Array.from({ length: connections }, () => connect(grpc));
  const headers = {
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  const post = (request: Buffer, at: number) =>
    new Promise<void>((resolve, reject) => {
      const stream = (sessions[at] as (typeof sessions)[number]).request(headers);
      let status: unknown;
      const note = (fields: object) => {
        status = (fields as Record<string, unknown>)['grpc-status'] ?? status;
      };
      stream.on('response', note).on('trailers', note).on('error', reject);
      stream.on('close', () =>
        String(status) === '0' ? resolve() : reject(new Error(`the server answers grpc-status ${status}`)),
      );
      stream.resume();
      stream.end(request);
    });
  return {
    send: (requests) => shared(requests, post),
    received: () => 0,
    close() {
      for (const session of sessions) session.destroy();
    },
  };
}
