/** Where the demonstration pushes: a Collector that is running, else one that was built, else `meterbridge serve`. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startReceiver } from '../../src/tools/demo/receiver.ts';
import { freePort } from './free-port.ts';
import { type Samples, scrapeCollector } from './sample.ts';

export interface Destination {
  /** Which of the three it is, in a sentence. */
  readonly line: string;
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** Where the pushed metrics can be read back, if anywhere. */
  readonly url?: string;
  /** What has arrived of a sender, by its `service.instance.id`; undefined as long as nothing can be read. */
  samples(instance: string): Promise<Samples | undefined>;
  stop(): Promise<void>;
}

const CONFIGURATION = fileURLToPath(new URL('../../otel-collector.yaml', import.meta.url));
/** When a Collector that was built is given up, which takes about a second to start: far more than a busy machine needs. */
const START_DEADLINE_MS = 60_000;
/** Between finding a free port and the Collector taking it, another program may be faster. */
const START_ATTEMPTS = 3;
const READY = 'Everything is ready.';

export async function chooseDestination(env: NodeJS.ProcessEnv): Promise<Destination> {
  const given = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (given !== undefined && given !== '' && (await answers(given))) return running(given, env.PROMETHEUS_PORT ?? '8889');
  const missing = given === undefined || given === '' ? '' : `nothing answers at ${given}; `;
  const binary = builtCollector(env);
  const built = binary === undefined ? undefined : await startCollector(binary, missing);
  return built ?? served(missing);
}

async function answers(endpoint: string): Promise<boolean> {
  const url = `${endpoint.replace(/\/$/, '')}/v1/metrics`;
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceMetrics":[]}',
    signal: AbortSignal.timeout(2_000),
  };
  return fetch(url, init).then(
    (answer) => answer.ok,
    () => false,
  );
}

function running(endpoint: string, prometheusPort: string): Destination {
  const url = `http://${new URL(endpoint).hostname}:${prometheusPort}/metrics`;
  return {
    line: `pushing to the Collector that answers at ${endpoint}`,
    endpoint,
    url,
    samples: (instance) => scrapeCollector(url, instance),
    stop: async () => {},
  };
}

/** `METERBRIDGE_OTELCOL`, or what `test/conformance/provision.sh` has built. */
function builtCollector(env: NodeJS.ProcessEnv): string | undefined {
  if (env.METERBRIDGE_OTELCOL !== undefined) return existsSync(env.METERBRIDGE_OTELCOL) ? env.METERBRIDGE_OTELCOL : undefined;
  const peers = env.METERBRIDGE_PEERS ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'meterbridge-peers');
  const folders = existsSync(peers) ? readdirSync(peers).filter((name) => name.startsWith('collector')) : [];
  return folders.map((name) => join(peers, name, 'otelcol')).find((path) => existsSync(path));
}

/** Undefined when it does not come up. */
async function startCollector(binary: string, missing: string): Promise<Destination | undefined> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const started = await startOnce(binary, missing);
    if (started !== undefined) return started;
  }
  return undefined;
}

async function startOnce(binary: string, missing: string): Promise<Destination | undefined> {
  // It prints the port of its receiver, but not that of its exporter.
  const prometheus = await freePort();
  const ports = { OTLP_HTTP_PORT: '0', OTLP_GRPC_PORT: '0', PROMETHEUS_PORT: String(prometheus), HEALTH_CHECK_PORT: '0' };
  // Its own process group: the demonstration passes Ctrl-C on, after the last push.
  const child = spawn(binary, ['--config', CONFIGURATION], {
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  const address = await comesUp(child.stderr, ended);
  if (address === undefined) {
    await stop();
    return undefined;
  }
  const url = `http://127.0.0.1:${prometheus}/metrics`;
  return {
    line: `${missing}pushing to a Collector of our own, ${binary}`,
    endpoint: `http://${address}`,
    url,
    samples: (instance) => scrapeCollector(url, instance),
    stop,
  };
}

/** Resolves with the address of its receiver once it reports that it is ready; another program may answer at a known port. */
function comesUp(log: Readable, ended: Promise<void>): Promise<string | undefined> {
  let text = '';
  const ready = new Promise<string | undefined>((resolve) => {
    log.setEncoding('utf8').on('data', (chunk: string) => {
      if (text.includes(READY)) return;
      text += chunk;
      if (text.includes(READY)) resolve(/Starting HTTP server.*"endpoint": "([^"]+)"/.exec(text)?.[1]);
    });
  });
  const late = sleep(START_DEADLINE_MS, undefined, { ref: false });
  return Promise.race([ready, ended.then(() => undefined), late]);
}

/** Meterbridge's own service, in this process. */
async function served(missing: string): Promise<Destination> {
  const receiver = await startReceiver(0, 'demo');
  return {
    line: `${missing}no other Collector here: pushing to meterbridge serve, which is not an independent check`,
    endpoint: receiver.endpoint,
    url: receiver.url,
    samples: (instance) => scrapeCollector(receiver.url, instance),
    stop: receiver.close,
  };
}
