/** A scrape over HTTP, of a program's size: what it costs the server's process, all of its threads together. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startAllocation } from '../allocated.ts';
import { type BenchCase, type Round, Skip } from '../bench-case.ts';
import type { Serve } from '../http/program.ts';
import { startClient } from '../http/start-client.ts';

const contenders = [
  'meterbridge',
  'meterbridge-thread',
  'meterbridge-node',
  'meterbridge-fastify',
  'constant',
  'constant-thread',
  'prom-client',
  '@prometheus-io/client',
  'fastify-metrics',
  'otel-sdk',
  'client_golang',
];
/** What leaves the other thread's memory out would be compared with what does not. */
const threaded = new Set(['meterbridge-thread', 'constant-thread']);

/** 4,000 values a second. */
const recordMs = 10;
const valuesATick = 40;
/** A round's requests, about; large pages are fewer. */
const lines = { quick: 20_000, full: 100_000 };
const mostTimes = { quick: 60, full: 150 };
/** A scrape is compiled after some thousand; large pages sooner. */
const warmUps = { quick: 300, full: 2_500 };
const warmUpTimes = { small: 20, large: 3 };
const largePage = 10_000;
/** The bytes hardly differ from scrape to scrape. */
const allocatingShare = 1 / 4;

interface Variant {
  readonly name: string;
  readonly what: string;
  readonly series: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether values change between two scrapes. Default true. */
  readonly changes?: boolean;
  readonly observed?: boolean;
  readonly quick?: boolean;
}

const accept = 'application/openmetrics-text; version=1.0.0';
const text = 'text 0.0.4, not compressed, 4,000 values a second are recorded meanwhile';

const variants: readonly Variant[] = [
  ...[1, 40, 200, 2_000].map((series) => ({
    name: `http-${series}`,
    what: `${text}: ${series} series`,
    series,
    quick: series === 40,
  })),
  { name: 'http-100k', what: `${text}: 100,000 series`, series: 100_000 },
  { name: 'http-40-openmetrics', what: 'OpenMetrics: 40 series', series: 40, headers: { accept } },
  { name: 'http-40-gzip', what: 'gzip: 40 series (clients: `zlib.gzip`)', series: 40, headers: { 'accept-encoding': 'gzip' } },
  {
    name: 'http-2000-gzip',
    what: 'gzip: 2,000 series (clients: `zlib.gzip`)',
    series: 2_000,
    headers: { 'accept-encoding': 'gzip' },
  },
  { name: 'http-40-unchanged', what: 'nothing is recorded meanwhile: 40 series', series: 40, changes: false },
  { name: 'http-40-observed', what: '40 series and an observed one, whose callback is asynchronous', series: 40, observed: true },
];

export const cases: readonly BenchCase[] = variants.map((variant) => ({
  suite: 'http',
  name: variant.name,
  what: variant.what,
  contenders,
  rounds: 9,
  quickRounds: 9,
  fullOnly: variant.quick !== true,
  prepare: (contender, quick) => prepared(variant, contender, quick ? 'quick' : 'full'),
}));

async function prepared(variant: Variant, contender: string, size: 'quick' | 'full'): Promise<Round> {
  const { series, headers = {}, changes = true, observed = false } = variant;
  const { url, count } = await (await serverOf(contender))({ series, observed });
  const scrape = startClient();
  const times = Math.max(2, Math.min(mostTimes[size], Math.round(lines[size] / series)));
  let next = 0;
  function recording(): () => void {
    if (!changes) return () => {};
    const timer = setInterval(() => {
      for (let value = 0; value < valuesATick; value++) count(next++ % series);
    }, recordMs);
    return () => clearInterval(timer);
  }
  const warmUp = Math.min(warmUps[size], times * warmUpTimes[series > largePage ? 'large' : 'small']);
  const { bytes: least } = await scrape({ url, times: warmUp, headers });
  if (headers['accept-encoding'] === undefined && least < series * 20)
    throw new Error(`BUG: ${least} bytes cannot be ${series} series`);
  return async () => {
    globalThis.gc?.();
    await sleep(recordMs);
    const stop = recording();
    const before = process.cpuUsage();
    const { ms } = await scrape({ url, times, headers });
    const cpu = process.cpuUsage(before);
    stop();
    const figures = { 'CPU µs': (cpu.user + cpu.system) / times, ms };
    if (threaded.has(contender)) return figures;
    const allocated = startAllocation();
    const few = Math.ceil(times * allocatingShare);
    await scrape({ url, times: few, headers });
    return { ...figures, 'B/scrape': allocated() / few };
  };
}

async function serverOf(contender: string): Promise<Serve> {
  const all = contender.startsWith('meterbridge')
    ? (await import('../http/bridge-servers.ts')).ours
    : contender.startsWith('constant')
      ? (await import('../http/constant-servers.ts')).constants
      : (await import('../http/client-servers.ts')).clients;
  const serve = all[contender];
  if (serve === undefined) throw new Skip(`${contender} has no server here`);
  return serve;
}
