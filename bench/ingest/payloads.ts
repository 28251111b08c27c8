/** Requests as daemons send them: ready made, so that a sender only writes bytes. */
import { gzipSync } from 'node:zlib';
import { createMetricsWriter, encodeAttributes } from '../../src/formats/otlp/index.ts';

export interface Load {
  readonly kind: 'gauge' | 'histogram';
  /** Points a request. */
  readonly points: number;
  /** Series that are sent in turn; each is in one request. */
  readonly series: number;
  /** Attributes a point. */
  readonly attributes: 4 | 6;
  readonly gzip?: boolean;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
/** 10 bounds, so 11 buckets. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const counts = Float64Array.from({ length: bounds.length + 1 }, (_, at) => at * 7 + 1);
/** Series of one metric. */
const seriesAMetric = 100;

/** Requests with the points of `count` series, from `first` on; every series is in one of them. */
export function requestsOf(load: Load, timeMs: number, first = 0, count = load.series): readonly Buffer[] {
  return Array.from({ length: count / load.points }, (_, at) => {
    const bytes = oneRequest(load, first + at * load.points, timeMs);
    return load.gzip === true ? gzipSync(bytes, { level: 1 }) : bytes;
  });
}

function oneRequest({ kind, points, attributes }: Load, first: number, timeMs: number): Buffer {
  const writer = createMetricsWriter({ points: points + 1, bytes: 1e9 });
  writer.resource({ attributes: encodeAttributes({ 'service.name': 'shop', 'service.instance.id': 'shop-7d9c5b4f6-x2x9k' }) });
  writer.scope({ name: 'shop.http', version: '1.4.2' });
  for (let at = first; at < first + points; at++) {
    if (at === first || at % seriesAMetric === 0) writer.metric(headOf(kind, Math.floor(at / seriesAMetric)));
    const bytes = encodeAttributes(attributesOf(at, attributes));
    const place = { attributes: bytes, from: 0, to: bytes.length, startMs: timeMs - 60_000, timeMs };
    if (kind === 'gauge') writer.number(place, at * 1.25 + 0.1);
    else writer.histogram(place, bounds, counts, 0, at * 0.75, {});
  }
  return Buffer.concat(writer.end().map(({ bytes }) => bytes));
}

function headOf(kind: Load['kind'], metric: number) {
  return {
    name: `shop.${kind}.${metric}`,
    type: kind,
    description: 'A value of the shop.',
    unit: 's',
    temporality: 'cumulative',
    monotonic: false,
  } as const;
}

function attributesOf(at: number, count: Load['attributes']) {
  const four = {
    'http.request.method': methods[at % methods.length] as string,
    'http.route': `/api/orders/:id/items/v${at % 25}`,
    tenant: `tenant-${(at * 2_654_435_761) % 4_294_967_296}`,
    region: at % 2 === 0 ? 'eu-central-1' : 'us-east-1',
  };
  return count === 4 ? four : { ...four, host: `ip-10-0-${at % 200}-${at % 97}`, device: `sd${at % 26}` };
}
