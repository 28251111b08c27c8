/** A service with a server of each kind behind the same guards, and clients that ask them. */
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { ConnectionOptions } from 'node:tls';
import { certificate, certificates } from '../../net/web-config/good-cases.ts';
import { noOwnMetrics, type Rig, startFrom } from '../graph/rig.ts';
import { begin, frame } from '../receivers/otlp/grpc-client.ts';

/** `http` and `http2` are the two forms of OTLP over HTTP. */
export const servers = ['http', 'http2', 'grpc', 'prometheus', 'health'] as const;
export type ServerName = (typeof servers)[number];

export interface Answer {
  /** HTTP's status, or gRPC's where the call has one. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The serial number of the server's certificate. */
  readonly serial: string | undefined;
}

export interface Client {
  /** The name of a certificate. */
  readonly as?: string | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly tls?: ConnectionOptions;
}

export interface Guarded extends Rig {
  /** Where files are named in `tls` and `auth`. */
  readonly folder: string;
  /** Replaces a file as a careful program does. */
  put(name: string, text: string): void;
  /** One request over a connection of its own; rejects where there is no connection. */
  ask(server: ServerName, client?: Client): Promise<Answer>;
}

/** @param guards keys of every server, in YAML's flow form; FOLDER stands for the folder of the certificates */
export async function startGuarded(
  t: TestContext,
  guards: string,
  extensions: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Guarded> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-guard-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(certificates, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const at = (text: string) => text.replaceAll('FOLDER', folder);
  const keys = `{endpoint: '127.0.0.1:0', ${at(guards)}}`;
  const rig = await startFrom(
    t,
    `
receivers: {otlp: {protocols: {http: ${keys}, grpc: ${keys}}}}
exporters: {prometheus: ${keys}}
extensions: {${Object.entries({ health_check: keys, ...extensions })
      .map(([id, settings]) => `${id}: ${at(settings)}`)
      .join(', ')}}
service: {${noOwnMetrics}, extensions: [${[...Object.keys(extensions), 'health_check'].join(', ')}], pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}`,
  );
  const origin = (server: ServerName): string => {
    const url = rig.urls().find((one) => marks[server].test(one)) ?? '';
    return url.replace(/^grpc/, 'http').replace(/^(https?:\/\/[^/]+).*/, '$1');
  };
  return {
    ...rig,
    folder,
    put(name: string, text: string) {
      writeFileSync(join(folder, `${name}.new`), text);
      renameSync(join(folder, `${name}.new`), join(folder, name));
    },
    ask: (server, client = {}) => asks[server](origin(server), client),
  };
}

const marks: Readonly<Record<ServerName, RegExp>> = {
  http: /^https?:.*\/v1\/metrics$/,
  http2: /^https?:.*\/v1\/metrics$/,
  grpc: /^grpcs?:/,
  prometheus: /^https?:.*[0-9]\/metrics$/,
  health: /^https?:.*[0-9]\/$/,
};

type Ask = (origin: string, client: Client) => Promise<Answer>;
const json = { 'content-type': 'application/json' };

const asks: Readonly<Record<ServerName, Ask>> = {
  http: overHttp('POST', '/v1/metrics', json, '{}'),
  http2: (origin, client) => overHttp2(origin, client, { ':method': 'POST', ':path': '/v1/metrics', ...json }, Buffer.from('{}')),
  grpc: async (origin, client) => {
    const session = await sessionAt(origin, client);
    try {
      const { stream, answer } = begin(session, client.headers);
      stream.end(frame(new Uint8Array(0)));
      const { grpcStatus = -1, headers, body } = await answer;
      return { status: grpcStatus, headers, body, serial: undefined };
    } finally {
      session.destroy();
    }
  },
  prometheus: overHttp('GET', '/metrics'),
  health: overHttp('GET', '/'),
};

function tlsOf({ as, tls }: Client): ConnectionOptions {
  const own = as === undefined ? {} : { cert: certificate(`${as}.pem`), key: certificate(`${as}.key.pem`) };
  return { ca: certificate('authority.pem'), ...own, ...tls };
}

function overHttp(method: string, path: string, headers = {}, body = ''): Ask {
  return async (origin, client) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const options = { method, agent: false, headers: { ...headers, ...client.headers } };
    const sent = origin.startsWith('https')
      ? tlsRequest(`${origin}${path}`, { ...options, ...tlsOf(client) })
      : plainRequest(`${origin}${path}`, options);
    sent.on('error', reject).on('response', async (response) => {
      const socket = response.socket as { getPeerCertificate?: () => { serialNumber: string } };
      const serial = socket.getPeerCertificate?.().serialNumber;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response), serial });
    });
    sent.end(body);
    return promise;
  };
}

/** A client may write a header twice. Node.js knows this option, its types do not yet. */
const repeatable = { strictSingleValueFields: false };

async function sessionAt(origin: string, client: Client): Promise<ClientHttp2Session> {
  const { promise, resolve, reject } = Promise.withResolvers<ClientHttp2Session>();
  const session = connect(origin, { ...repeatable, ...(origin.startsWith('https') && tlsOf(client)) });
  // The first settings of the server: with TLS 1.3 a client believes in its connection before the server has seen its
  // certificate.
  session.once('remoteSettings', () => resolve(session));
  session.on('error', reject).on('close', () => reject(new Error('closed')));
  return promise;
}

async function overHttp2(origin: string, client: Client, headers: Record<string, string>, body: Buffer): Promise<Answer> {
  const session = await sessionAt(origin, client);
  try {
    const stream = session.request({ ...headers, ...client.headers });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders>();
    stream.on('error', reject).on('response', resolve);
    stream.end(body);
    const answered = await promise;
    return { status: Number(answered[':status']), headers: answered, body: await buffer(stream), serial: undefined };
  } finally {
    session.destroy();
  }
}
