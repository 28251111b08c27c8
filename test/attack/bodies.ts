/**
 * What hostile senders send: each attack is a list of requests, which its lanes send in turn. All bodies are within the limits of
 * size.
 */
import { gzipSync } from 'node:zlib';
import { attribute, double, doubles, empties, message, number, numbered, placeholder, time } from './wire.ts';

export interface Shot {
  readonly road: 'http' | 'grpc' | 'page';
  /** For gRPC a message, without its frame. */
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Attack {
  /** Requests under way at a time. */
  readonly lanes: number;
  /** The only answer that is right. Absent: any but an error of the service's own. */
  readonly answer?: string;
  shots(): readonly Shot[];
}

const mib = 2 ** 20;
const protobuf = { 'content-type': 'application/x-protobuf' };
const json = { 'content-type': 'application/json' };
/** Two bytes each, below 20 MiB. */
const emptyMessages = 9_900_000;

function zipped(body: Uint8Array): Shot {
  return { road: 'http', body: gzipSync(body, { level: 1 }), headers: { ...protobuf, 'content-encoding': 'gzip' } };
}

const times = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));
const gauge = (name: string, ...points: readonly Uint8Array[]) => message(2, message(1, name), message(5, ...points));
const point = (...attributes: readonly Uint8Array[]) => message(1, ...attributes, time(3), double(4, 1));
const resource = (name: string, instance: string) =>
  message(1, attribute(1, 'service.name', name), attribute(1, 'service.instance.id', instance));
const ofMetrics = (instance: string, ...metrics: readonly Uint8Array[]) =>
  message(1, resource('hostile', instance), message(2, ...metrics));

function resources(from: number, count: number): Buffer {
  const one = message(1, message(1, attribute(1, 'service.instance.id', placeholder)), message(2, gauge('hostile.a', point())));
  return numbered(one, count, from);
}

function scopes(from: number, count: number): Buffer {
  const one = message(2, message(1, message(1, `s${placeholder}`)), gauge('hostile.a', point()));
  return message(1, resource('hostile', 'scopes'), numbered(one, count, from));
}

/** Points of so many buckets, no two of which have the same bounds. */
function histograms(from: number, points: number, buckets: number): Buffer {
  const counts = message(6, Buffer.alloc(8 * buckets));
  const one = (at: number) =>
    message(
      1,
      attribute(9, 'i', String(from + at)),
      time(2, Date.now() - 1_000),
      time(3),
      double(5, 1),
      counts,
      doubles(7, buckets - 1, (bound) => bound + (from + at) * 1e-6),
    );
  return ofMetrics('buckets', message(2, message(1, 'hostile.h'), message(9, ...times(points, one), number(2, 2))));
}

/** Two series, of which each shows 8 MB of labels. */
function longLabels(at: number): Buffer {
  const value = 'x'.repeat(65_400);
  const one = (series: number) => point(...times(127, (label) => attribute(7, `k${label}`, `${value}${series}`)));
  return ofMetrics('labels', gauge('hostile.labels', one(2 * at), one(2 * at + 1)));
}

function manySeries(at: number): Buffer {
  const one = point(attribute(7, 'path', `/${'y'.repeat(240)}/${placeholder}`));
  return ofMetrics(`series${at}`, gauge('hostile.series', numbered(one, 40_000, at * 40_000)));
}

const anyKeyValue = (value: Uint8Array) =>
  ofMetrics('values', gauge('hostile.values', point(message(7, message(1, 'k'), value))));
const inMetric = (data: Uint8Array) => ofMetrics('points', message(2, message(1, 'hostile.points'), data));
const jsonOf = (before: string, behind: string, count: number) => Buffer.from(`${before}${'{},'.repeat(count)}{}${behind}`);
const zippedJson = (body: Uint8Array): Shot => ({
  road: 'http',
  body: gzipSync(body, { level: 1 }),
  headers: { ...json, 'content-encoding': 'gzip' },
});

const every = {
  resources: { lanes: 2, shots: () => times(4, (at) => zipped(resources(at * 250_000, 250_000))) },
  scopes: { lanes: 2, shots: () => times(4, (at) => zipped(scopes(at * 250_000, 250_000))) },
  'a million bounds': { lanes: 2, shots: () => times(4, (at) => zipped(histograms(at, 1, 1_000_001))) },
  'a thousand bounds a thousand times': { lanes: 2, shots: () => times(8, (at) => zipped(histograms(at * 1_000, 1_000, 1_000))) },
  'long labels': { lanes: 2, shots: () => times(40, (at) => zipped(longLabels(at))) },
  'many series': { lanes: 2, shots: () => times(8, (at) => zipped(manySeries(at))) },
  'empty resources': {
    lanes: 4,
    shots: () => [zipped(empties(1, emptyMessages)), zipped(message(1, empties(1, emptyMessages)))],
  },
  'empty scopes and metrics': {
    lanes: 4,
    shots: () => [
      zipped(message(1, empties(2, emptyMessages))),
      zipped(message(1, message(2, empties(1, emptyMessages)))),
      zipped(message(1, message(2, empties(2, emptyMessages)))),
      zipped(inMetric(empties(7, emptyMessages))),
    ],
  },
  'empty values': {
    lanes: 4,
    shots: () => [5, 6].map((list) => zipped(anyKeyValue(message(2, message(list, empties(1, emptyMessages)))))),
  },
  'empty JSON': {
    lanes: 4,
    shots: () => [
      zippedJson(jsonOf('{"resourceMetrics":[', ']}', 6_900_000)),
      zippedJson(jsonOf('{"resourceMetrics":[{"scopeMetrics":[', ']}]}', 6_900_000)),
      zippedJson(jsonOf('{"unknown":[', ']}', 6_900_000)),
    ],
  },
  'empty messages over gRPC': {
    lanes: 60,
    shots: () => [{ road: 'grpc', body: gzipSync(message(1, empties(1, 2_090_000))), headers: { 'grpc-encoding': 'gzip' } }],
  },
  'a foreign Host': {
    lanes: 16,
    answer: '421',
    shots: () => [
      { road: 'http', body: Buffer.from('{"resourceMetrics":[]}'), headers: { ...json, host: 'foreign.example' } },
      {
        road: 'http',
        body: ofMetrics('host', gauge('hostile.host', point())),
        headers: { ...protobuf, host: 'foreign.example' },
      },
      { road: 'page', headers: { host: 'foreign.example' } },
    ],
  },
  // A field that nobody knows, so that only decompression takes time.
  'compressed bodies': { lanes: 8, shots: () => [zipped(message(1_000, Buffer.alloc(20 * mib - 1_000)))] },
} satisfies Record<string, Attack>;

export type AttackName = keyof typeof every;
export const attacks: Readonly<Record<AttackName, Attack>> = every;

/** Attacks of a kind, by what they want. */
export const kinds: Readonly<Record<string, readonly AttackName[]>> = {
  'many owners': ['resources', 'scopes'],
  'many bounds': ['a million bounds', 'a thousand bounds a thousand times'],
  'large pages': ['long labels', 'many series'],
  'empty messages': ['empty resources', 'empty scopes and metrics', 'empty values', 'empty JSON'],
  'empty messages over gRPC': ['empty messages over gRPC'],
  'a foreign Host': ['a foreign Host'],
  'compressed bodies': ['compressed bodies'],
};
