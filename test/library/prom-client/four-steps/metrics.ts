/**
 * An app's 20 metrics, once on prom-client and once as a contract. Names and labels are of every sort that prom-client allows.
 */
import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';
import { capped, contract, counter, gauge, histogram, identity, info, oneOf, summary } from '../../../../src/index.ts';

/** What the app calls: a metric's name, a value, and labels. */
export type Record = (name: string, value: number, labels?: { readonly [label: string]: string | number }) => void;

const verbatim = true;
const status = oneOf(200, 404, 500);

/** The first half moves first. */
const first = {
  requests: counter({
    series: 'http_requests_total',
    help: 'Requests.',
    labels: { method: oneOf('GET', 'POST'), status },
    zeroFilled: false,
  }),
  duration: histogram({
    series: 'http_request_duration_seconds',
    help: 'Duration of requests.',
    bounds: [0.003, 0.03, 0.1, 0.3, 1.5, 10],
    labels: { route: capped({ limit: 100 }) },
  }),
  inFlight: gauge({ series: 'http_requests_in_flight', help: 'Requests in flight.', zeroFilled: true }),
  responseSize: summary({
    series: 'http_response_size_bytes',
    help: 'Size of responses.',
    labels: { route: capped({ limit: 100 }) },
  }),
  cacheHits: counter({ series: 'cacheHits', verbatim, help: 'Cache hits.' }),
  ordersCreated: counter({
    series: 'orders_created',
    verbatim,
    help: 'Orders created.',
    labels: { shop: capped({ limit: 10 }) },
  }),
  rule: counter({ series: 'a:b_total', verbatim, help: 'A name with a colon.' }),
  queueDepth: gauge({
    series: 'queue_depth',
    help: 'Depth of a queue,\nwith \\ and "quotes".',
    labels: { queue: identity({ limit: 50 }) },
  }),
  buildInfo: info({ series: 'app_build_info', help: 'Build.', labels: { version: capped({ limit: 2 }) } }),
  temperature: gauge({
    series: 'temperature_celsius',
    verbatim,
    help: 'Temperature.',
    labels: { room__no: capped({ limit: 5 }) },
  }),
};

const second = {
  orders: counter({ series: 'orders_total', verbatim, help: 'Orders.' }),
  openOrders: gauge({ series: 'orders', help: 'Open orders.', zeroFilled: true }),
  below: gauge({
    series: 'values_below',
    verbatim,
    help: 'Values below.',
    labels: { le: oneOf('0.5', '1'), quantile: oneOf('none') },
    zeroFilled: false,
  }),
  hidden: gauge({ series: '_hidden__twice_', verbatim, help: 'Hidden.', zeroFilled: true }),
  unused: counter({ series: 'never_used_total', help: 'Never used.' }),
  unset: gauge({ series: 'never_set', help: 'Never set.', zeroFilled: true }),
  unobserved: histogram({ series: 'never_observed', help: 'Never observed.', bounds: [1, 2], zeroFilled: true }),
  unseen: counter({ series: 'never_seen_total', help: 'Never seen.', labels: { who: capped({ limit: 5 }) } }),
  ratio: gauge({ series: 'hit_ratio', help: 'May be undefined.', zeroFilled: true }),
  batches: summary({ series: 'batch_size', help: 'Batches.', zeroFilled: true }),
};

export const half = contract('app', first);
export const whole = contract('app', { ...first, ...second });

type Metric = (typeof whole.metrics)[keyof typeof whole.metrics];
export const all: readonly Metric[] = Object.values(whole.metrics);
export const moved: ReadonlySet<string> = new Set(Object.values(half.metrics).map(({ series }) => series));

/** Registers those metrics with prom-client. */
export function onPromClient(metrics: readonly Metric[], register: Registry): Record {
  const made = new Map<string, (value: number, labels: object) => void>();
  for (const { series: name, help, kind, labels, bounds } of metrics) {
    const common = { name, help, labelNames: Object.keys(labels), registers: [register] };
    if (kind === 'counter') {
      const one = new Counter(common);
      made.set(name, (value, of) => one.inc(of, value));
    } else if (kind === 'histogram') {
      const one = new Histogram({ ...common, buckets: [...bounds] });
      made.set(name, (value, of) => one.observe(of, value));
    } else if (kind === 'summary') {
      const one = new Summary({ ...common, percentiles: [] });
      made.set(name, (value, of) => one.observe(of, value));
    } else {
      const one = new Gauge(common);
      made.set(name, (value, of) => one.set(of, value));
    }
  }
  return (name, value, labels = {}) => made.get(name)?.(value, labels);
}

/** Through the recorders of a bridge. */
export function onMeterbridge(metrics: readonly Metric[], recorders: object): Record {
  const keys = Object.entries(whole.metrics);
  return (name, value, labels = {}) => {
    const [key = '', metric] = keys.find(([, { series }]) => series === name) ?? [];
    if (metric === undefined || !metrics.some(({ series }) => series === name)) return;
    // biome-ignore lint/suspicious/noExplicitAny: one call for every kind
    const recorder = (recorders as any)[key];
    if (metric.kind === 'counter') recorder.add(value, labels);
    else if (metric.kind === 'gauge') recorder.set(value, labels);
    else if (metric.kind === 'info') recorder.set(labels);
    else recorder.record(value, labels);
  };
}

/** A while of the app's life. */
export function live(record: Record): void {
  for (const [method, code, seconds] of [
    ['GET', 200, 0.002],
    ['GET', 404, 0.03],
    ['POST', 500, 20],
  ] as const) {
    record('http_requests_total', 1, { method, status: code });
    record('http_request_duration_seconds', seconds, { route: '/orders/:id' });
    record('http_response_size_bytes', seconds * 1e6, { route: '/orders/:id' });
  }
  record('http_requests_in_flight', 3);
  record('cacheHits', 2.5);
  record('orders_created', 1, { shop: 'a "quoted\\ one"\nof two lines, été' });
  record('a:b_total', 7);
  record('queue_depth', 12, { queue: 'mail' });
  record('queue_depth', Number.POSITIVE_INFINITY, { queue: 'letters' });
  record('app_build_info', 1, { version: '1.2.3' });
  record('temperature_celsius', -3.5, { room__no: '1' });
  record('orders_total', 5);
  record('orders', 4);
  record('values_below', 1e21, { le: '0.5', quantile: 'none' });
  record('_hidden__twice_', -0.001);
  record('hit_ratio', Number.NaN);
  record('batch_size', 3);
  record('batch_size', 4.5);
}
