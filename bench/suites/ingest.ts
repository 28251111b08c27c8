/** OTLP in: what a point costs the service from the socket to its series, beside the Collector with the same file. */
import { type BenchCase, type Round, Skip } from '../bench-case.ts';
import { openPage } from '../ingest/open-page.ts';
import { type Load, requestsOf } from '../ingest/payloads.ts';
import { createGrpcSender, createHttpSender, grpcFrame, httpFrame } from '../ingest/send.ts';
import { kept, type Pipeline, type Server, startServer } from '../ingest/server.ts';
import { startSink } from '../ingest/sink.ts';
import { steady } from '../ingest/steady.ts';

const million = 1_000_000;
const gauges: Load = { kind: 'gauge', points: 100, series: 10_000, attributes: 4 };
const histograms: Load = { ...gauges, kind: 'histogram' };

/** Rounds are short and many, because neighbours meet alike what else the machine does. Times in seconds. */
const sizes = {
  /**
   * `cpu`: what a round measures at least; `warmUp`: what both have run by then, so that they run as they do after their first
   * minute.
   */
  full: { cpu: 0.2, warmUp: 3, warmUpMost: 60 },
  quick: { cpu: 0.05, warmUp: 1.5, warmUpMost: 2.5 },
};
/** Points of one sending, so that the largest cases do not make all their requests for each round. */
const pointsASending = 40_000;

export const cases: readonly BenchCase[] = [
  throughput('gauges-10000', 'requests of 10,000 gauge points', { ...gauges, points: 10_000 }),
  throughput(
    'attributes-10000',
    'the first case with attributes deleted, inserted and hashed on the way (the processor `attributes`)',
    { ...gauges, points: 10_000 },
    {
      processors:
        'attributes: {actions: [{key: region, action: delete}, {key: env, action: insert, value: prod}, {key: tenant, action: hash}]}',
    },
  ),
  throughput(
    'file-10000',
    'the first case to a file (100 MB, then another one)',
    { ...gauges, points: 10_000 },
    {
      exporter: 'file: {path: "{folder}/out.jsonl", rotation: {max_backups: 1}}',
    },
  ),
  throughput('histograms-10000', 'requests of 10,000 histogram points of 11 buckets', { ...histograms, points: 10_000 }),
  throughput('gauges-100', 'requests of 100 gauge points', gauges),
  throughput('histograms-100', 'requests of 100 histogram points of 11 buckets', histograms),
  throughput('gauges-100-gzip', 'requests of 100 gauge points, compressed', { ...gauges, gzip: true }),
  throughput('gauges-100-grpc', 'requests of 100 gauge points over gRPC', gauges, { grpc: true }),
  throughput(
    'gauges-100-at-1m',
    'requests of 100 gauge points in turn of 1,000,000 series',
    { ...gauges, series: million },
    { fullOnly: true },
  ),
  ...[10_000, 100].map((points) =>
    throughput(
      `page-${points}`,
      `requests of ${points.toLocaleString('en')} gauge points, beside the same service with the extension \`zpages\`, and with its page open`,
      { ...gauges, points },
      { contenders: ['meterbridge', 'page-closed', 'page-open'] },
    ),
  ),
  throughput('keep-10000', 'the first case with `--keep`', { ...gauges, points: 10_000 }, { contenders: ['meterbridge', kept] }),
  throughput('keep-100', 'requests of 100 gauge points with `--keep`', gauges, { contenders: ['meterbridge', kept] }),
  steady,
  forward('forward-10000', 'requests of 10,000 gauge points', { ...gauges, points: 10_000 }),
  forward('forward-100', 'requests of 100 gauge points', gauges),
  forward('forward-batch-100', 'requests of 100 gauge points, put together to 8,192', gauges, {
    queue: 'batch: {min_size: 8192}',
  }),
  forward(
    'forward-stored-100',
    'requests of 100 gauge points, which wait on disk (`file_storage`)',
    gauges,
    stored('fsync: false', false),
  ),
  forward(
    'forward-stored-10000',
    'requests of 10,000 gauge points, which wait on disk',
    { ...gauges, points: 10_000 },
    stored('fsync: false'),
  ),
  forward(
    'forward-fsync-100',
    'requests of 100 gauge points, which wait on disk with `fsync: true`',
    gauges,
    stored('fsync: true'),
  ),
  {
    suite: 'ingest',
    name: 'memory-1m',
    what: 'resident memory of the server for each of 1,000,000 gauges of six attributes, each sent twice: before the first scrape, and after it',
    contenders: ['meterbridge', 'otelcol'],
    rounds: 1,
    quickRounds: 1,
    fullOnly: true,
    async prepare(contender): Promise<Round> {
      const server = await started(contender);
      const before = server.rss();
      const load = { ...gauges, points: 1_000, series: million, attributes: 6 } as const;
      const { send } = await senderTo(server, load, false);
      return async () => {
        for (let at = 0; at < 2 * load.series; at += pointsASending) await send(at);
        const held = server.rss() - before;
        await expectSeries(server, load.series);
        return { 'RSS B/series': held / load.series, 'RSS B/series, scraped': (server.rss() - before) / load.series };
      };
    },
  },
];

interface CaseOptions extends Pipeline {
  readonly grpc?: boolean;
  readonly fullOnly?: boolean;
  readonly contenders?: readonly string[];
}

function throughput(name: string, what: string, load: Load, options: CaseOptions = {}): BenchCase {
  const { grpc = false, fullOnly = false, exporter = 'prometheus', contenders = ['meterbridge', 'otelcol'] } = options;
  return {
    suite: 'ingest',
    name,
    what: `${what}, four attributes each, on four connections; \`otlp\` → \`${exporter}\`, processor time of all threads of the server`,
    contenders,
    rounds: 31,
    quickRounds: 9,
    fullOnly,
    async prepare(contender, quick): Promise<Round> {
      const { cpu, warmUp, warmUpMost } = sizes[quick ? 'quick' : 'full'];
      const server = await started(contender, options);
      const { send } = await senderTo(server, load, grpc);
      const from = performance.now();
      let at = 0;
      for (; at < load.series || (server.cpu() < warmUp && performance.now() - from < warmUpMost * 1_000); at += pointsASending)
        await send(at);
      if (exporter === 'prometheus') await expectSeries(server, load.series);
      if (contender === 'page-open') await openPage(server);
      return async () => {
        const before = server.cpu();
        let sent = 0;
        for (; server.cpu() - before < cpu; at += pointsASending) sent += await send(at);
        const used = server.cpu() - before;
        return { 'points/cpu-s': sent / used, 'CPU ns/point': (used * 1e9) / sent };
      };
    },
  };
}

interface ForwardOptions extends Pick<Pipeline, 'extensions'> {
  /** More keys of the queue. */
  readonly queue?: string;
  readonly fullOnly?: boolean;
}

function stored(fsync: string, fullOnly = true): ForwardOptions {
  return {
    fullOnly,
    queue: 'storage: file_storage',
    extensions: `file_storage: {directory: "{folder}/queue", create_directory: true, ${fsync}}`,
  };
}

/** Senders wait where the queue is full, which is not compacted, so that all that is counted was sent on. */
function forward(
  name: string,
  what: string,
  load: Load,
  { queue = '', extensions = '', fullOnly = false }: ForwardOptions = {},
): BenchCase {
  return {
    suite: 'ingest',
    name,
    what: `${what}, four attributes each, on four connections; \`otlp\` → \`otlp_http\` without compression, processor time of all threads of the server`,
    contenders: ['meterbridge', 'otelcol'],
    rounds: 31,
    quickRounds: 9,
    fullOnly,
    async prepare(contender, quick): Promise<Round> {
      const { cpu, warmUp, warmUpMost } = sizes[quick ? 'quick' : 'full'];
      const sink = await startSink();
      const settings = `metrics_endpoint: "${sink.url}", compression: none, sending_queue: {block_on_overflow: true, queue_size: 400, ${queue}}`;
      const bodyBytes = (requestsOf(load, Date.now(), 0, load.points)[0] as Buffer).length;
      const server = await started(contender, { exporter: `otlp_http: {${settings}}`, extensions, flags: ['--no-compaction'] });
      const { send, received } = await senderTo(server, load, false);
      const toDisk = () => server.written() - sink.received() - received();
      const from = performance.now();
      for (let at = 0; server.cpu() < warmUp && performance.now() - from < warmUpMost * 1_000; at += pointsASending)
        await send(at);
      return async () => {
        const [before, stored] = [server.cpu(), toDisk()];
        let sent = 0;
        for (let at = 0; server.cpu() - before < cpu; at += pointsASending) sent += await send(at);
        const used = server.cpu() - before;
        // A round may be over before the sink, which is in this process, has its turn.
        if (sink.bytes() === 0) throw new Error('BUG: nothing was sent on');
        return {
          'points/cpu-s': sent / used,
          'CPU ns/point': (used * 1e9) / sent,
          ...(extensions !== '' && { 'disk B/body B': (toDisk() - stored) / ((sent / load.points) * bodyBytes) }),
        };
      };
    },
  };
}

async function started(contender: string, pipeline: Pipeline = {}): Promise<Server> {
  if (process.platform !== 'linux') throw new Skip('processor time is read from /proc');
  return startServer(contender, pipeline);
}

/** Sends at least `pointsASending` points, those from `at` on, counted through all series again and again; answers how many. */
async function senderTo(server: Server, load: Load, grpc: boolean) {
  const sender = grpc ? createGrpcSender(server) : await createHttpSender(server);
  const frame = grpc ? grpcFrame : httpFrame(load.gzip === true);
  const points = Math.min(load.series, pointsASending);
  return {
    received: sender.received,
    async send(at: number): Promise<number> {
      const requests = requestsOf(load, Date.now(), at % load.series, points).map(frame);
      const times = pointsASending / points;
      await sender.send(Array.from({ length: times }, () => requests).flat());
      return times * points;
    },
  };
}

/** Every series is shown, so that nothing was measured that was refused. */
async function expectSeries({ metrics }: Server, series: number): Promise<void> {
  const response = await fetch(metrics);
  let shown = 0;
  let rest = '';
  for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^shop_(?:gauge_\d+_seconds|histogram_\d+_seconds_count)\{/.test(line)) shown++;
  }
  if (shown !== series) throw new Error(`BUG: ${shown} series are shown, not ${series}`);
}
