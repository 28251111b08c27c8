/** OTLP in: what a point costs the service from the socket to the series, beside the Collector with the same file. */
import { type BenchCase, type Round, Skip } from '../bench-case.ts';
import { type Load, requestsOf } from '../ingest/payloads.ts';
import { createSender } from '../ingest/send.ts';
import { startServer } from '../ingest/server.ts';

interface IngestCase extends Load {
  readonly name: string;
  readonly what: string;
  readonly grpc?: boolean;
  readonly fullOnly?: boolean;
}

const all: readonly IngestCase[] = [
  { name: 'gauges-10000', what: 'requests of 10,000 gauge points', kind: 'gauge', points: 10_000, series: 10_000, attributes: 4 },
  {
    name: 'histograms-10000',
    what: 'requests of 10,000 histogram points of 11 buckets',
    kind: 'histogram',
    points: 10_000,
    series: 10_000,
    attributes: 4,
  },
  { name: 'gauges-100', what: 'requests of 100 gauge points', kind: 'gauge', points: 100, series: 10_000, attributes: 4 },
  {
    name: 'histograms-100',
    what: 'requests of 100 histogram points of 11 buckets',
    kind: 'histogram',
    points: 100,
    series: 10_000,
    attributes: 4,
  },
  { name: 'gauges-100-gzip', what: 'the same, compressed', kind: 'gauge', points: 100, series: 10_000, attributes: 4, gzip: true },
  {
    name: 'gauges-100-grpc',
    what: 'requests of 100 gauge points over gRPC',
    kind: 'gauge',
    points: 100,
    series: 10_000,
    attributes: 4,
    grpc: true,
  },
  {
    name: 'gauges-100-at-1m',
    what: 'requests of 100 gauge points of six attributes, 1,000,000 series in the server; its resident memory for each',
    kind: 'gauge',
    points: 100,
    series: 1_000_000,
    attributes: 6,
    fullOnly: true,
  },
];

/** Processor time that a round measures at least, so that the system's clock of 10 ms is fine enough. */
const leastCpuSeconds = { full: 1, quick: 0.3 };
/** Ahead of it, so that both servers run as they do after their first minute. */
const warmUpCpuSeconds = { full: 3, quick: 1.5 };

export const cases: readonly BenchCase[] = all.map(({ name, what, grpc = false, fullOnly = false, ...load }) => ({
  suite: 'ingest',
  name,
  what: `${what}, \`otlp\` → \`prometheus\`, four connections; processor time of all the server's threads`,
  contenders: ['meterbridge', 'otelcol'],
  rounds: 9,
  quickRounds: 3,
  fullOnly,
  async prepare(contender, quick): Promise<Round> {
    if (process.platform !== 'linux') throw new Skip('processor time is read from /proc');
    const server = await startServer(contender);
    const before = server.rss();
    const sender = createSender(server, { grpc, gzip: load.gzip === true });
    const size = quick ? 'quick' : 'full';
    do await sender.send(requestsOf(load, Date.now()));
    while (server.cpu() < warmUpCpuSeconds[size]);
    await expectSeries(server.metrics, load.series);
    return async () => {
      // The times of one round are equal: such a point is taken as a newer one is.
      const requests = requestsOf(load, Date.now()).slice(0, 20_000 / load.points + 1_000);
      const from = server.cpu();
      let sent = 0;
      while (server.cpu() - from < leastCpuSeconds[size]) {
        await sender.send(requests);
        sent += requests.length * load.points;
      }
      const points = sent / (server.cpu() - from);
      const bytes = fullOnly ? { 'RSS B/series': (server.rss() - before) / load.series } : {};
      return { 'points/cpu-s': points, 'CPU ns/point': 1e9 / points, ...bytes };
    };
  },
}));

/** Every series is shown, so that nothing was measured that was refused. */
async function expectSeries(url: string, series: number): Promise<void> {
  const text = await (await fetch(url)).text();
  const shown = text.match(/^shop_(?:gauge_\d+_seconds|histogram_\d+_seconds_count)\{/gm)?.length ?? 0;
  if (shown !== series) throw new Error(`BUG: ${shown} series are shown, not ${series}`);
}
