/** Raw HTTP/2, for what no gRPC library would send. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { TestContext } from 'node:test';

export const exportPath = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

export interface GrpcAnswer {
  /** HTTP's. */
  readonly status: number;
  /** Undefined: none. From the trailers, or the headers of an answer of trailers only. */
  readonly grpcStatus: number | undefined;
  readonly message: string;
  readonly trailersOnly: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function session(t: TestContext, host: string): Promise<ClientHttp2Session> {
  // Node.js counts what a client has yet to send as its own memory, and refuses answers beyond it.
  const opened = connect(`http://${host}`, { maxSessionMemory: 1_000 });
  opened.on('error', () => {});
  t.after(() => opened.destroy());
  await once(opened, 'connect');
  return opened;
}

/** A call whose request the caller writes. */
export function begin(on: ClientHttp2Session, headers: OutgoingHttpHeaders = {}) {
  const stream = on.request({
    ':method': 'POST',
    ':path': exportPath,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  return { stream, answer: answerOf(stream) };
}

async function answerOf(stream: ReturnType<ClientHttp2Session['request']>): Promise<GrpcAnswer> {
  let trailers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on('trailers', (given) => {
    trailers = given;
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  // Not `close`: Node.js waits with it for its own request, which a server need not read to its end.
  const ended = once(stream, 'end');
  ended.catch(() => {});
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  await ended;
  const code = trailers['grpc-status'] ?? headers['grpc-status'];
  return {
    status: Number(headers[':status']),
    grpcStatus: code === undefined ? undefined : Number(code),
    message: decodeURIComponent(String(trailers['grpc-message'] ?? headers['grpc-message'] ?? '')),
    trailersOnly: 'grpc-status' in headers,
    headers,
    body: Buffer.concat(chunks),
  };
}

export async function call(on: ClientHttp2Session, body: Uint8Array, headers: OutgoingHttpHeaders = {}): Promise<GrpcAnswer> {
  const { stream, answer } = begin(on, headers);
  // Node.js ends a GET by itself.
  if (!stream.writableEnded) stream.end(body);
  return answer;
}

/** A message in its frame: flag, length in four bytes. */
export function frame(message: Uint8Array, flag = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}
