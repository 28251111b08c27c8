/** Prometheus' own decoder and ours read the same samples from protobuf, and reject the same messages. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { NativeBuckets, ParsedSample } from '../../src/formats/exposition/parse/parsed.ts';
import { createExpositionReader } from '../../src/formats/exposition/parse/reader.ts';
import {
  classic,
  everyKind,
  family,
  label,
  message,
  signed,
  span,
  text,
  types,
  varint,
  whole,
} from '../formats/exposition/parse/protobuf-page.ts';
import { decodeExposition, type GoHistogram, type GoSample } from './go-parsers.ts';
import { requirePeer } from './peers.ts';

const protobuf = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

function read(page: Uint8Array): { ok: boolean; samples: ParsedSample[]; ids: string[] } {
  const samples: ParsedSample[] = [];
  const reader = createExpositionReader({ format: 'protobuf', mode: 'lenient', onSample: (sample) => samples.push(sample) });
  reader.write(page);
  const { ok, findings } = reader.end();
  return { ok, samples, ids: findings.map(({ id }) => id) };
}

/** Counts by bucket index: Go joins spans, and leaves out empty buckets at their ends. */
function byIndex({ spans, counts }: NativeBuckets): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let [index, at] = [0, 0];
  for (const [offset, length] of spans) {
    index += offset;
    for (let i = 0; i < length; i++) found.push([index++, counts[at++] as number]);
  }
  return found.filter(([, count]) => count !== 0);
}

const plain = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : milliseconds / 1000);

function ours({ name, labels, value, timestamp, start, exemplar, histogram }: ParsedSample): unknown {
  const sorted = [['__name__', name], ...labels].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const native = histogram && {
    ...{
      schema: histogram.schema,
      zeroThreshold: histogram.zeroThreshold,
      zeroCount: histogram.zeroCount,
      count: histogram.count,
    },
    ...{
      sum: histogram.sum,
      positive: byIndex(histogram.positive),
      negative: byIndex(histogram.negative),
      float: histogram.float,
    },
  };
  const exemplars = histogram === undefined ? (exemplar === undefined ? [] : [exemplar]) : histogram.exemplars;
  return { labels: sorted, value, timestamp, start: start ?? 0, native, exemplars };
}

function theirs({ labels, value, timestamp, start, histogram, exemplars }: GoSample): unknown {
  return {
    ...{ labels, value, timestamp: plain(timestamp), start: start / 1000, native: histogram && nativeOf(histogram) },
    exemplars: exemplars.map(({ timestamp: at, ...rest }) => ({
      ...rest,
      ...(at === undefined ? {} : { timestamp: at / 1000 }),
    })),
  };
}

function nativeOf(h: GoHistogram): unknown {
  return {
    ...{ schema: h.schema, zeroThreshold: h.zeroThreshold, zeroCount: h.zeroCount, count: h.count, sum: h.sum },
    ...{
      positive: byIndex({ spans: h.positiveSpans, counts: h.positive }),
      negative: byIndex({ spans: h.negativeSpans, counts: h.negative }),
    },
    float: h.float,
  };
}

for (const [name, bytes] of Object.entries({ ...everyKind, 'all of them': Object.values(everyKind).flat() })) {
  test(`the same samples: ${name}`, (t: TestContext) => {
    if (requirePeer(t, 'goParsers') === undefined) return;
    const page = Uint8Array.from(bytes);
    const go = decodeExposition(page, protobuf);
    const own = read(page);
    assert.deepEqual([own.ok, go.error], [true, undefined]);
    assert.ok(go.samples.length > 0);
    assert.deepEqual(own.samples.map(ours), go.samples.map(theirs));
  });
}

const odd: Readonly<Record<string, readonly number[]>> = {
  'a length beyond the page': [200, 1, 10],
  'a message that ends early': family('c', types.counter, message(3, whole(1, 3))).slice(0, -1),
  'no name': family('', types.gauge, message(2, [])),
  'type 9': family('x', 9, message(2, [])),
  'a label without a name': family('x', types.gauge, [...label('', 'y'), ...message(2, [])]),
  'a label that is not UTF-8': family('x', types.gauge, [...message(1, text(1, 'a'), message(2, [0xff])), ...message(2, [])]),
  'fewer deltas than spans say': family('n', types.histogram, message(7, span(12, 0, 2), signed(13, 3))),
  'a value of another wire type': family('x', types.gauge, message(2, whole(1, 3))),
  'a field with number 0': [2, 0, 0],
  'a length of 11 bytes': [...Array.from({ length: 10 }, () => 255), 1],
  'an unknown field': family('x', types.gauge, [...message(2, []), ...whole(99, 5)]),
  'no field of the type': family('x', types.counter, message(2, [])),
  'a family without metrics': family('x', types.counter),
  'buckets out of order': family('h', types.histogram, message(7, message(3, classic()), classic())),
  nothing: [],
};

for (const [name, bytes] of Object.entries(odd)) {
  test(`the same verdict: ${name}`, (t: TestContext) => {
    if (requirePeer(t, 'goParsers') === undefined) return;
    const page = Uint8Array.from(bytes);
    const go = decodeExposition(page, protobuf);
    const own = read(page);
    assert.equal(own.ok, go.error === undefined, `${go.error}; ${own.ids}`);
  });
}

test('a page may come in pieces of any size', () => {
  const page = Uint8Array.from([...Object.values(everyKind).flat(), ...varint(3), 1]);
  const all = read(page);
  assert.deepEqual(all.ids.at(-1), 'protobuf-wire');
  for (const size of [1, 7, 64]) {
    const reader = createExpositionReader({ format: 'protobuf', mode: 'lenient' });
    for (let from = 0; from < page.length; from += size) reader.write(page.subarray(from, from + size));
    const { ok, samples } = reader.end();
    assert.deepEqual([ok, samples], [false, all.samples.length]);
  }
});
