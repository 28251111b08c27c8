/** The service or the Collector as a process, with one configuration, and what it has used of the processor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peer } from '../../test/conformance/peers.ts';
import { Skip } from '../bench-case.ts';
import { builtPackage } from '../built.ts';

export interface Server {
  readonly http: string;
  readonly grpc: string;
  readonly metrics: string;
  /** Where its page is, for those that have one. */
  readonly page: string;
  readonly pid: number;
  /** Just before exec, by `performance.now`. */
  readonly startedAt: number;
  /** Resolves once it has ended: true, with exit code 0. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean>;
  /** User and system time of all its threads so far, in seconds. */
  cpu(): number;
  /** Resident memory in bytes. */
  rss(): number;
  /** Bytes that it has written so far, to files and to sockets. */
  written(): number;
}

/** The service with `--keep`. */
export const kept = 'meterbridge-keep';
const pageBytes = 4_096;
/** Ours, with the page and without. */
const withPage: ReadonlySet<string> = new Set(['page-closed', 'page-open']);
const readyWithinMs = 30_000;

/** What stands in the pipeline behind the receiver, as YAML of one line. */
export interface Pipeline {
  /** Empty: none. */
  readonly processors?: string;
  /** In place of `prometheus`; `{folder}` is one that ends with the server. */
  readonly exporter?: string;
  /** By id, as YAML of one line; `{folder}` as there. Default: none. */
  readonly extensions?: string;
  /** Of `meterbridge serve` alone. */
  readonly flags?: readonly string[];
}

export async function startServer(contender: string, pipeline: Pipeline = {}): Promise<Server> {
  const { processors = '', exporter = '', extensions: others = '', flags = [] } = pipeline;
  const [httpPort, grpcPort, metricsPort, pagePort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const extensions = withPage.has(contender) ? `zpages: {endpoint: "127.0.0.1:${pagePort}"}` : others;
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-ingest-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(
    file,
    `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${httpPort}"}, grpc: {endpoint: "127.0.0.1:${grpcPort}"}}}}
exporters: {${exporter === '' ? `prometheus: {endpoint: "127.0.0.1:${metricsPort}", metric_expiration: 1h}` : exporter.replace('{folder}', folder)}}
extensions: {${extensions.replace('{folder}', folder)}}
processors: {${processors}}
service: {extensions: [${extensions.split(':')[0]}], pipelines: {metrics: {receivers: [otlp], processors: [${processors.split(':')[0]}], exporters: [${exporter === '' ? 'prometheus' : exporter.split(':')[0]}]}}, telemetry: {metrics: {level: none}}}
`,
  );
  const keep = contender === kept ? ['--keep', join(folder, 'kept')] : [];
  const command = commandOf(contender, file, [...flags, ...keep]);
  const startedAt = performance.now();
  const child = spawn(...command, { stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  await ready(child.stderr);
  const pid = child.pid as number;
  return {
    pid,
    startedAt,
    async stop(signal) {
      const ended = once(child, 'exit');
      child.kill(signal);
      return (await ended)[0] === 0;
    },
    page: `http://127.0.0.1:${pagePort}`,
    http: `http://127.0.0.1:${httpPort}/v1/metrics`,
    grpc: `http://127.0.0.1:${grpcPort}`,
    metrics: `http://127.0.0.1:${metricsPort}/metrics`,
    cpu: () => cpuOf(pid),
    written: () => writtenOf(pid),
    rss: () => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes,
  };
}

/** Of each thread the time that it ran, in user and system mode, in nanoseconds. The times in `stat` are multiples of 10 ms. */
function cpuOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return nanoseconds / 1e9;
}

function writtenOf(pid: number): number {
  return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

function commandOf(contender: string, file: string, flags: readonly string[]): [string, string[]] {
  if (contender === 'meterbridge' || contender === kept || withPage.has(contender))
    return [
      process.execPath,
      [
        join(builtPackage(), 'tools/cli/main.js'),
        'serve',
        '--config',
        file,
        '--max-series-per-resource',
        '2000000',
        '--max-series',
        '2000000',
        '--max-page-bytes',
        '1000000000',
        '--max-memory',
        '8000000000',
        ...flags,
      ],
    ];
  const otelcol = peer('collector');
  if (otelcol === undefined) throw new Skip('there is no Collector; test/conformance/provision.sh brings it');
  return [otelcol, ['--config', file]];
}

async function ready(stderr: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  await Promise.race([
    new Promise<void>((resolve) => {
      stderr.on('data', (part: Buffer) => {
        text = `${text}${part}`.slice(-4_096);
        if (text.includes('Everything is ready')) resolve();
      });
    }),
    once(stderr, 'end').then(() => {
      throw new Error(`the server did not start: ${text}`);
    }),
    sleep(readyWithinMs, undefined, { ref: false }).then(() => {
      throw new Error(`the server is not ready: ${text}`);
    }),
  ]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
