/** A real Collector and `meterbridge serve`, as processes with one file. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../examples/demo/free-port.ts';
import { command } from '../../tools/cli/run-command.ts';
import { bodyOf, type Child, startChild } from '../child.ts';
import { requirePeer } from '../peers.ts';

/** The file's exporters `prometheus/…`. */
export const exporters = ['plain', 'bare', 'adorned', 'utf8', 'untranslated', 'brief'] as const;
export type ExporterName = (typeof exporters)[number];

const formats = {
  text: 'text/plain;version=0.0.4',
  openmetrics: 'application/openmetrics-text;version=1.0.0',
  'utf8-text': 'text/plain;version=0.0.4;escaping=allow-utf-8',
  'utf8-openmetrics': 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8',
  'dots-text': 'text/plain;version=0.0.4;escaping=dots',
  'values-text': 'text/plain;version=0.0.4;escaping=values',
} as const;
export type Format = keyof typeof formats;

export interface Side {
  readonly name: 'collector' | 'service';
  /** Where OTLP is taken: `127.0.0.1:PORT`. */
  readonly http: string;
  readonly grpc: string;
  /** @param query behind `/metrics`. Default: none */
  page(exporter: ExporterName, format: Format, query?: string): Promise<string>;
  contentType(exporter: ExporterName, accept: string): Promise<string | null>;
  stdout(): string;
  stderr(): string;
}

export interface Twin {
  readonly collector: Side;
  readonly service: Side;
}

/** What both answer to the same question. */
export interface Both<T> {
  readonly collector: T;
  readonly service: T;
}

export async function askBoth<T>({ collector, service }: Twin, ask: (side: Side) => Promise<T>): Promise<Both<T>> {
  const [ofCollector, ofService] = await Promise.all([ask(collector), ask(service)]);
  return { collector: ofCollector, service: ofService };
}

const file = fileURLToPath(new URL('./twin.yaml', import.meta.url));
/** Label names as the specification has them, which is the Collector's default from v0.162. */
const gate = '--feature-gates=pkg.translator.prometheus.PermissiveLabelSanitization';
const attempts = 3;

/**
 * Undefined: there is no Collector here, and the test is skipped. Both end with the test.
 *
 * @param over laid over the file, as `--config` takes it
 * @param options of the service alone
 * @param env of both
 */
export async function startTwin(
  t: TestContext,
  over: readonly string[] = [],
  options: readonly string[] = [],
  env: Environment = {},
): Promise<Twin | undefined> {
  const binary = requirePeer(t, 'collector');
  if (binary === undefined) return undefined;
  const config = [file, ...over].flatMap((one) => ['--config', one]);
  const [collector, service] = await Promise.all([
    start(t, 'collector', binary, [...config, gate], collectorPlaces, env),
    start(t, 'service', process.execPath, [...command, 'serve', ...config, ...options], servicePlaces, env),
  ]);
  return { collector, service };
}

type Environment = Readonly<Record<string, string>>;
type Places = (log: string) => { readonly http: string | undefined; readonly grpc: string | undefined };

const collectorPlaces: Places = (log) => ({
  http: /Starting HTTP server.*"endpoint": "([^"]+)"/.exec(log)?.[1],
  grpc: /Starting GRPC server.*"endpoint": "([^"]+)"/.exec(log)?.[1],
});

const servicePlaces: Places = (log) => ({
  http: /http:\/\/([^/ ]+)\/v1\/metrics/.exec(log)?.[1],
  grpc: /grpc:\/\/([^/ \n,]+)/.exec(log)?.[1],
});

async function start(
  t: TestContext,
  name: Side['name'],
  program: string,
  args: readonly string[],
  places: Places,
  over: Environment,
): Promise<Side> {
  for (let attempt = 1; ; attempt++) {
    const ports = await Promise.all(exporters.map(freePort));
    const env = Object.fromEntries(exporters.map((exporter, index) => [`${exporter.toUpperCase()}_PORT`, String(ports[index])]));
    const child = startChild(t, program, args, { ...env, ...over });
    try {
      await child.until('ready', () => child.stderr().includes('Everything is ready.'));
    } catch (error) {
      // Between finding a free port and the program taking it, another one may have been faster.
      if (attempt === attempts || !/in use|must be free/.test(child.stderr())) throw error;
      continue;
    }
    return sideOf(name, child, places(child.stderr()), ports);
  }
}

function sideOf(name: Side['name'], child: Child, { http, grpc }: ReturnType<Places>, ports: readonly number[]): Side {
  assert.ok(http !== undefined && grpc !== undefined, child.stderr());
  return Object.freeze({
    name,
    http,
    grpc,
    async contentType(exporter: ExporterName, accept: string) {
      const { headers } = await fetch(`http://127.0.0.1:${ports[exporters.indexOf(exporter)]}/metrics`, { headers: { accept } });
      return headers.get('content-type');
    },
    async page(exporter: ExporterName, format: Format, query = '') {
      const url = `http://127.0.0.1:${ports[exporters.indexOf(exporter)]}/metrics${query}`;
      const body = await bodyOf(url, { headers: { accept: formats[format] } });
      if (body === undefined) throw new Error(`${name}: ${url} does not answer: ${child.stderr().slice(-2_000)}`);
      return body;
    },
    stdout: child.stdout,
    stderr: child.stderr,
  });
}
