/** Four kept connections that send ready-made requests, each the next one once the last was answered. */
import { Agent, request } from 'node:http';
import { connect } from 'node:http2';
import type { Server } from './server.ts';

export interface Sender {
  /** Sends these requests, shared among the connections. */
  send(requests: readonly Buffer[]): Promise<void>;
  close(): void;
}

const connections = 4;
/** A frame of gRPC: whether it is compressed, and its length. */
const prefixBytes = 5;

export function createSender(server: Server, { gzip = false, grpc = false }): Sender {
  return grpc ? overGrpc(server) : overHttp(server, gzip);
}

async function shared(requests: readonly Buffer[], post: (body: Buffer, at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (at: number): Promise<void> => {
    for (let body = requests[next++]; body !== undefined; body = requests[next++]) await post(body, at);
  };
  await Promise.all(Array.from({ length: connections }, (_, at) => work(at)));
}

function overHttp(server: Server, gzip: boolean): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { 'content-type': 'application/x-protobuf', ...(gzip && { 'content-encoding': 'gzip' }) };
  const post = (body: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const asked = request(server.http, { agent, method: 'POST', headers: { ...headers, 'content-length': body.length } }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`the server answers ${answer.statusCode}`));
        answer.resume().once('end', resolve);
      });
      asked.once('error', reject);
      asked.end(body);
    });
  return { send: (requests) => shared(requests, post), close: () => agent.destroy() };
}

function overGrpc(server: Server): Sender {
  const sessions = Array.from({ length: connections }, () => connect(server.grpc));
  const headers = {
    ':method': 'POST',
    ':path': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    'content-type': 'application/grpc',
    te: 'trailers',
  };
  const post = (body: Buffer, at: number) =>
    new Promise<void>((resolve, reject) => {
      const stream = (sessions[at] as (typeof sessions)[number]).request(headers);
      let status: unknown;
      const note = (fields: object) => {
        status = (fields as Record<string, unknown>)['grpc-status'] ?? status;
      };
      stream.on('response', note).on('trailers', note).on('error', reject);
      stream.on('close', () => (String(status) === '0' ? resolve() : reject(new Error(`the server answers grpc-status ${status}`))));
      stream.resume();
      const prefix = Buffer.alloc(prefixBytes);
      prefix.writeUInt32BE(body.length, 1);
      stream.end(Buffer.concat([prefix, body]));
    });
  return {
    send: (requests) => shared(requests, post),
    close() {
      for (const session of sessions) session.destroy();
    },
  };
}
