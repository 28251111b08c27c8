/** `meterbridge serve` whose descriptors are scarce, and clients that hold connections. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { certificates } from '../../net/web-config/good-cases.ts';
import { type Running, serve } from './running.ts';

const at = fileURLToPath(certificates);
/** Every kind of server, and TLS. */
const config = `yaml:
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}, grpc: {endpoint: "127.0.0.1:0"}}}
  otlp/tls: {protocols: {http: {endpoint: "127.0.0.1:0", tls: {cert_file: '${at}server.pem', key_file: '${at}server.key.pem'}}}}
exporters: {prometheus: {endpoint: "127.0.0.1:0"}}
extensions: {health_check: {endpoint: "127.0.0.1:0"}}
service:
  extensions: [health_check]
  pipelines: {metrics: {receivers: [otlp, otlp/tls], exporters: [prometheus]}}
  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0}}}}]}}`;

export interface Scarce extends Running {
  /** URLs of OTLP over plain HTTP, `/metrics`, own metrics and health. */
  readonly plain: readonly string[];
  /** Of every server. */
  readonly ports: readonly number[];
}

/** @param files its limit of open files */
export async function serveScarce(t: TestContext, files: number): Promise<Scarce> {
  const running = await serve(t, ['--config', config], undefined, `ulimit -n ${files}`);
  const ports = running.urls.map((url) => Number(new URL(url.replace('grpc:', 'http:')).port));
  return { ...running, ports, plain: running.urls.filter((url) => url.startsWith('http:')) };
}

/** Connections that say nothing, each held until the server ends it. */
export async function idle(t: TestContext, port: number, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => {}));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.resume();
  await Promise.all(sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  return sockets;
}

export function stillOpen(sockets: readonly Socket[]): number {
  return sockets.filter(({ closed }) => !closed).length;
}

/** What each of the plain servers answers over a connection of its own. */
export function statuses({ plain }: Scarce): Promise<readonly unknown[]> {
  return Promise.all(
    plain.map(async (url) => {
      const json = { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: '{}' };
      const get = { headers: { connection: 'close' } };
      const answer = await fetch(url, url.endsWith('/v1/metrics') ? json : get).catch((error: Error) => error.cause ?? error);
      return answer instanceof Response ? answer.status : answer;
    }),
  );
}

/** Lines that say that there are too many connections. */
export function crowdedLines({ log }: Running): readonly string[] {
  return log()
    .split('\n')
    .filter((line) => line.includes('LimitNOFILE'));
}
