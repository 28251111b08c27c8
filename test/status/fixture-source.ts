/** A source as a busy service has it: an exporter that does not deliver, a limit that refuses, a producer that went silent. */
import type { Flow, GraphEdge, GraphNode, Rate } from '../../src/status/model/index.ts';
import { partNames, type StatusSource } from '../../src/status/status-source.ts';
import type { PageData } from '../../src/status/view/page-data.ts';

export const at = Date.UTC(2026, 10, 24, 14, 2, 11);
const minute = 60_000;

export const rate = (now: number): Rate => ({
  now,
  minutes: Array.from({ length: 15 }, (_, index) => (index < 3 ? null : now * (0.8 + (index % 4) / 10))),
});
export const flow = (now: number, total: number, refused = 0, failed = 0): Flow => ({
  rate: rate(now),
  total,
  refused,
  refusedRate: rate(refused === 0 ? 0 : 4),
  failed,
  failedRate: rate(failed === 0 ? 0 : 2),
});

function node(kind: GraphNode['kind'], id: string, more: Partial<GraphNode> = {}): GraphNode {
  const key = `${kind} ${id}${more.pipeline === undefined ? '' : ` (${more.pipeline})`}`;
  return { key, kind, id, type: id, state: 'working', since: at - 90 * minute, settings: `${id}: {}\n`, listens: [], ...more };
}

const edge = (from: string, to: string, given: Flow): GraphEdge => ({ from, to, pipeline: 'metrics', ...given });

export const nodes: readonly GraphNode[] = [
  node('receiver', 'otlp', { listens: ['http://127.0.0.1:4318/v1/metrics'], received: flow(12_345, 8_812_004, 1_204) }),
  node('receiver', 'otlp/edge', { listens: ['http://127.0.0.1:4319/v1/metrics'], received: flow(120, 90_211) }),
  node('processor', 'memory_limiter', { pipeline: 'metrics' }),
  node('processor', 'batch', { pipeline: 'metrics' }),
  node('exporter', 'prometheus', {
    listens: ['http://127.0.0.1:9464/metrics'],
    series: { count: 18_211, limit: 1_000_000, families: 212, familyLimit: 20_000 },
    sent: flow(12_460, 8_900_100, 1_204),
  }),
  node('exporter', 'otlp_http', {
    state: 'failing',
    settings: 'endpoint: http://127.0.0.1:4320\nheaders:\n  authorization: "[REDACTED]"\n',
    queue: { size: 412, capacity: 1_000, unit: 'requests', oldestAt: at - 2 * minute },
    lastError: { at: at - 1_400, text: 'http://127.0.0.1:4320/v1/metrics: connection refused' },
    sent: flow(0, 7_100_000),
  }),
];

export const edges: readonly GraphEdge[] = [
  edge('receiver otlp', 'processor memory_limiter (metrics)', flow(12_345, 8_812_004, 1_204)),
  edge('receiver otlp/edge', 'processor memory_limiter (metrics)', flow(120, 90_211)),
  edge('processor memory_limiter (metrics)', 'processor batch (metrics)', flow(12_465, 8_902_215, 1_204)),
  edge('processor batch (metrics)', 'exporter prometheus', flow(12_460, 8_900_100, 1_204)),
  edge('processor batch (metrics)', 'exporter otlp_http', flow(12_460, 8_901_304, 0, 310)),
];

export function fixtureSource(change: Partial<StatusSource> = {}): StatusSource {
  return {
    status: () => ({
      at,
      kind: 'serve',
      name: 'meterbridge',
      version: '0.1.0',
      node: 'v24.9.0',
      pid: 4_711,
      startedAt: at - 95 * minute,
      ready: true,
      memory: { used: 88 * 2 ** 20, limit: 512 * 2 ** 20 },
      residentBytes: 240 * 2 ** 20,
      cpuSeconds: 311,
      showsValues: true,
    }),
    tick: () => ({ at, edges: {}, nodes: {}, graph: 1, refusals: 1, series: 18_211, scrapes: 400 }),
    graph: () => ({
      at,
      nodes,
      edges,
      pipelines: [
        {
          id: 'metrics',
          receivers: ['otlp', 'otlp/edge'],
          processors: ['memory_limiter', 'batch'],
          exporters: ['prometheus', 'otlp_http'],
        },
      ],
      reloads: [
        {
          at: at - 20 * minute,
          outcome: 'done',
          lines: ['exporters.otlp_http: new'],
          added: ['exporter otlp_http'],
          removed: [],
          replaced: [],
        },
      ],
    }),
    producers: () => ({
      at,
      known: 2,
      limit: 10_000,
      forgotten: 0,
      producers: [
        {
          key: 'a',
          job: 'shop/checkout',
          instance: 'checkout-7f9c',
          sdk: 'opentelemetry',
          sdkVersion: '1.38.0',
          language: 'go',
          receivers: ['otlp'],
          points: 8_812_004,
          rate: rate(12_345),
          series: 17_900,
          firstSeen: at - 90 * minute,
          lastSeen: at - 800,
          silent: false,
          everySeconds: 10,
          refused: 1_204,
          lastRefusal: { at: at - 4_000, why: 'the limit of 1,000,000 series is reached' },
          skewSeconds: -0.02,
        },
        {
          key: 'b',
          job: 'shop/mail',
          instance: 'mail-1',
          receivers: ['otlp/edge'],
          points: 90_211,
          rate: rate(0),
          firstSeen: at - 80 * minute,
          lastSeen: at - 12 * minute,
          silent: true,
          everySeconds: 15,
          refused: 0,
          skewSeconds: 42,
        },
      ],
    }),
    scrapers: () => ({
      at,
      limit: 1_000,
      forgotten: 0,
      scrapers: [
        {
          key: 'p',
          client: '10.0.0.7',
          userAgent: 'Prometheus/3.14.0',
          endpoint: 'exporter prometheus',
          format: 'openmetrics',
          compressed: true,
          scrapes: 380,
          firstAt: at - 90 * minute,
          lastAt: at - 6_000,
          everySeconds: 15,
          bytes: 212_004,
          seconds: 0.0412,
          slowestSeconds: 0.31,
          status: 200,
          failed: 0,
        },
      ],
    }),
    series: async () => ({
      at,
      stores: [
        {
          key: 'exporter prometheus',
          series: 18_213,
          families: 213,
          limited: { series: 18_211, seriesLimit: 1_000_000, families: 212, familyLimit: 20_000 },
          bytes: 9_200_000,
          created: Array.from({ length: 15 }, () => 12),
          expired: Array.from({ length: 15 }, () => 4),
          top: ['http_server_request_duration_seconds', 'rpc_client_calls_total', 'queue_length'].map((name, index) => ({
            name,
            type: (['histogram', 'counter', 'gauge'] as const)[index] ?? 'gauge',
            unit: index === 0 ? 's' : '',
            help: `What ${name} is.`,
            series: [14_000, 3_900, 311][index] ?? 0,
            share: [0.77, 0.21, 0.017][index] ?? 0,
            created: Array.from({ length: 15 }, (_, past) => (past < 2 ? null : past * (3 - index))),
            expired: Array.from({ length: 15 }, () => 1),
          })),
        },
      ],
    }),
    labels: async () => ({
      at,
      stores: [
        {
          key: 'exporter prometheus',
          read: 18_211,
          complete: true,
          labels: [{ name: 'url_path', values: 9_311, error: 0.02, series: 14_000 }],
        },
      ],
    }),
    family: async (store, name) => (name.startsWith('gone') ? undefined : familyOf(store, name)),
    refusals: () => ({
      at,
      limit: 1_000,
      forgotten: 0,
      refusals: [
        {
          key: 'r',
          what: 'refused',
          reason: 'series_limit',
          by: 'exporter prometheus',
          sender: { job: 'shop/checkout', instance: 'checkout-7f9c' },
          count: 1_204,
          unit: 'points',
          rate: rate(4),
          firstAt: at - 30 * minute,
          lastAt: at - 4_000,
          happened: 'there are as many series as there may be (1000000)',
          fix: 'Drop the attribute url.path in the sender, or raise the limit.',
          message: 'exporters.prometheus: series limit reached',
        },
      ],
    }),
    config: () => ({
      at,
      yaml: 'receivers:\n  otlp: {}\n',
      loadedAt: at - 20 * minute,
      sources: ['otel-collector.yaml'],
      disk: {
        state: 'differs',
        lines: [
          { what: 'same', text: 'exporters:' },
          { what: 'removed', text: '  otlp_http: {}' },
          { what: 'added', text: '  debug: {}' },
        ],
        secrets: [],
      },
    }),
    extensions: () => ({ at, extensions: [{ id: 'zpages', type: 'zpages', since: at, listens: ['http://127.0.0.1:55679'] }] }),
    features: () => ({ at, features: [] }),
    ...change,
  };
}

const familyOf = (store: string, name: string) => ({
  at,
  store,
  name,
  type: 'histogram' as const,
  unit: 's',
  help: 'Duration of HTTP server requests.',
  series: 14_000,
  share: 0.77,
  created: [],
  expired: [],
  read: 14_000,
  complete: true,
  labels: [{ name: 'url_path', values: 9_311, error: 0, series: 14_000, top: [{ value: '/cart', series: 1_200 }] }],
  senders: [{ job: 'shop/checkout', instance: 'checkout-7f9c', series: 14_000 }],
  conflicts: ['shop/mail sends it with the unit ms: the unit s is shown'],
  bounds: [0.01, 0.1, 1],
  newest: [1, 3, 2, 5].map((value, index) => ({ at: at - 20_000 + index * 5_000, value })),
  promql: [{ title: '95th percentile', query: `histogram_quantile(0.95, sum by (le) (rate(${name}_bucket[5m])))` }],
});

/** What the page is drawn from, with one family open. */
export async function fixtureData(source: StatusSource = fixtureSource()): Promise<PageData> {
  const name = 'http_server_request_duration_seconds';
  return {
    status: { ...source.status(), parts: [...partNames] },
    now: at,
    graph: source.graph(),
    producers: source.producers?.(false),
    scrapers: source.scrapers?.(),
    series: await source.series?.('series'),
    labels: await source.labels?.(),
    refusals: source.refusals?.(),
    config: source.config?.(),
    family: { store: 'exporter prometheus', name, found: (await source.family?.('exporter prometheus', name)) ?? 'gone' },
    live: 'still',
  };
}
