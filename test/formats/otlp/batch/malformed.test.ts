/** What a request is refused for as a whole, and for what only points of it are rejected. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { defaultBatchLimits } from '../../../../src/formats/otlp/batch/batch-limits.ts';
import { MalformedRequest } from '../../../../src/formats/otlp/wire/malformed.ts';
import { assertLinear } from '../../../linear.ts';

const field = (number: number, ...parts: (readonly number[] | Uint8Array)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
};
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
const string = (number: number, text: string) => field(number, Buffer.from(text));
const doubles = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer);
const pair = (number: number, key: string, value: Uint8Array) => field(number, string(1, key), field(2, value));

const value = [0x21, 0, 0, 0, 0, 0, 0, 0, 0];
const good = field(1, value);
/** Of a gauge that has these points, in a metric, a scope and a resource. */
const gauge = (...points: Uint8Array[]) => field(1, field(2, field(2, string(1, 'm'), field(5, ...points))));
const histogram = (...point: Uint8Array[]) => field(1, field(2, field(2, string(1, 'm'), field(9, field(1, ...point)))));
const badText = Uint8Array.of(0xc3, 0x28);
const nested = (depth: number): Uint8Array => (depth === 1 ? string(1, 'x') : field(5, field(1, nested(depth - 1))));
const group = (number: number, ...inner: number[]) => Uint8Array.from([number * 8 + 3, ...inner, number * 8 + 4]);

const point = 'resource_metrics\\[0\\].scope_metrics\\[0\\].metrics\\[0\\].gauge.data_points\\[0\\]';
const refused: Record<string, readonly [bytes: Uint8Array, message: string]> = {
  'a tag that is cut off': [Buffer.from('xxx'), '^ExportMetricsServiceRequest \\(byte 3\\): field 15 has a varint'],
  'field 0': [Uint8Array.of(0), 'no tag'],
  'field 0 of a summary, which has no exemplars': [
    field(1, field(2, field(2, field(11, field(1, [0, 0]))))),
    'summary.data_points\\[0\\] .*no tag',
  ],
  'a length beyond the message': [Uint8Array.of(10, 5, 0), 'field 1 has 5 bytes by its length'],
  'another wire type': [
    gauge(field(1, [0x20, 1])),
    `^${point} \\(byte \\d+\\): field 4 \\(as_double\\) has wire type 0; want 1$`,
  ],
  'a number that is cut off': [gauge(field(1, [0x21, 1])), `^${point} .* field 4 is cut off: want 8 bytes`],
  'an id of three bytes': [
    gauge(field(1, value, field(5, field(5, [1, 2, 3])))),
    `${point}.exemplars\\[0\\].trace_id .*3 bytes; want 16`,
  ],
  'counts that are not eight bytes each': [histogram(field(6, [1, 2, 3])), 'bucket_counts .* got 3 bytes'],
  'values 65 deep': [gauge(field(1, value, pair(7, 'k', nested(65)))), 'values stand in one another more than 64 deep'],
  'a list behind an empty one, before another value': [
    gauge(field(1, value, pair(7, 'k', Buffer.concat([field(5), field(5, [0]), string(1, 'x')])))),
    'array_value .*no tag',
  ],
  'a group that does not end': [Uint8Array.of(8 * 20 + 3, 1), 'group|tag'],
  'wire type 7': [Uint8Array.of(127), 'wire type 7'],
};

describe('a request that cannot be read', () => {
  for (const [name, [bytes, message]] of Object.entries(refused)) {
    test(`is refused with its place: ${name}`, () => {
      assert.throws(
        () => readBatch(bytes),
        (error) => error instanceof MalformedRequest && new RegExp(message).test(error.message),
      );
    });
  }

  test('is not one with unknown fields, groups, or values 64 deep', () => {
    assert.equal(readBatch(Buffer.from('xxxx')).points, 0);
    assert.equal(readBatch(Buffer.concat([Uint8Array.of(0xa3, 1, 8, 5, 0xa4, 1), gauge(good)])).points, 1);
    assert.equal(readBatch(gauge(field(1, value, pair(7, 'k', nested(64)), group(12, 8, 1)))).points, 1);
  });
});

const limits = { attributes: 2, valueBytes: 200, buckets: 3 };
const long = 'x'.repeat(201);
const wrong: Record<string, readonly [bytes: Uint8Array, why: string]> = {
  'a value': [gauge(good, field(1, [])), 'a point has no value'],
  'a name in UTF-8': [gauge(good, field(1, value, field(7, field(1, badText)))), "an attribute's name is not valid UTF-8"],
  'text in a list': [
    gauge(good, field(1, value, pair(7, 'k', field(5, field(1, field(1, badText)))))),
    "an attribute's value is not valid UTF-8",
  ],
  'a short value': [
    gauge(good, field(1, value, pair(7, 'k', string(1, long)))),
    "an attribute's value has 201 bytes; at most 200",
  ],
  'short bytes': [gauge(good, field(1, value, pair(7, 'k', field(7, Buffer.alloc(201))))), "an attribute's value has 201 bytes"],
  'few attributes': [
    gauge(good, field(1, value, ...['a', 'b', 'c'].map((key) => pair(7, key, string(1, ''))))),
    'got 3 attributes; at most 2',
  ],
};

/** Of a histogram, an exponential one and a summary: a point of so many buckets or quantiles. */
const ofSize: Record<string, (count: number) => Uint8Array> = {
  'buckets of a histogram': (count) =>
    histogram(field(6, Buffer.alloc(count * 8)), field(7, doubles(...Array.from({ length: count - 1 }, (_, at) => at)))),
  'positive buckets of an exponential histogram': (count) => exponential(field(8, field(2, Buffer.alloc(count)))),
  'negative buckets of an exponential histogram': (count) => exponential(field(9, field(2, Buffer.alloc(count)))),
  'quantiles of a summary': (count) =>
    field(1, field(2, field(2, string(1, 'm'), field(11, field(1, ...Array.from({ length: count }, () => field(6))))))),
};
const exponential = (...point: Uint8Array[]) => field(1, field(2, field(2, string(1, 'm'), field(10, field(1, ...point)))));

describe('a point has at most as many as it may', () => {
  for (const [what, make] of Object.entries(ofSize)) {
    test(what, () => {
      const noun = what.startsWith('quantiles') ? 'quantiles' : 'buckets';
      assert.equal(readBatch(make(3), limits).points, 1);
      const batch = readBatch(make(4), limits);
      assert.deepEqual([batch.points, batch.rejected], [0, 1]);
      assert.equal(batch.why, `metric "m": got 4 ${noun} of a point; at most 3 (--max-buckets)`);
      assert.deepEqual([readBatch(make(1_000)).rejected, readBatch(make(1_001)).rejected], [0, 1]);
    });
  }
});

describe('a point that is wrong in itself', () => {
  for (const [name, [bytes, why]] of Object.entries(wrong)) {
    test(`is left out, and no other: not ${name}`, () => {
      const batch = readBatch(bytes, limits);
      assert.deepEqual([batch.points, batch.rejected], [1, 1]);
      assert.ok(batch.why?.startsWith(`metric "m": ${why}`), batch.why);
    });
  }

  const count = [1, 0, 0, 0, 0, 0, 0, 0];
  const histograms: Record<string, readonly [boolean, ...Uint8Array[]]> = {
    'neither counts nor bounds': [true],
    'one count': [true, field(6, count)],
    'as many counts as bounds': [false, field(6, count), field(7, doubles(1))],
    'bounds alone': [false, field(7, doubles(1))],
    'bounds that ascend': [true, field(6, count, count, count), field(7, doubles(1, 2))],
    'equal bounds': [false, field(6, count, count, count), field(7, doubles(1, 1))],
    'a bound that is no number': [false, field(6, count, count), field(7, doubles(Number.NaN))],
    'a bound of infinity': [true, field(6, count, count), field(7, doubles(Number.POSITIVE_INFINITY))],
  };
  for (const [name, [isTaken, ...parts]] of Object.entries(histograms)) {
    test(`a histogram with ${name} is ${isTaken ? 'taken' : 'left out'}`, () => {
      const batch = readBatch(histogram(...parts));
      assert.deepEqual([batch.points, batch.rejected], isTaken ? [1, 0] : [0, 1]);
    });
  }

  test('without a recorded value it needs none, nor buckets that fit', () => {
    assert.equal(readBatch(gauge(field(1, [0x40, 1]))).points, 1);
    assert.equal(readBatch(histogram(field(7, doubles(1)), Uint8Array.of(0x50, 1))).points, 1);
  });

  test('all points go with a name, scope or resource that is wrong, and their neighbours stay', () => {
    const metrics = (name: Uint8Array) => field(2, field(1, name), field(5, good, good));
    const parts = [
      field(2, metrics(badText), metrics(Buffer.from('n'))),
      field(2, field(1, field(1, badText)), metrics(Buffer.from('n'))),
    ];
    const batch = readBatch(field(1, ...parts));
    assert.deepEqual([batch.points, batch.rejected], [2, 4]);
    const resource = readBatch(Buffer.concat([field(1, field(1, pair(1, long, string(1, ''))), ...parts), gauge(good)]), limits);
    assert.deepEqual([resource.points, resource.rejected], [1, 6]);
  });

  test('a request of more points than its index may hold: the rest is left out', () => {
    const batch = readBatch(gauge(Buffer.alloc(4 * 2_000_000, Uint8Array.from([0x0a, 2, 0x40, 1]))));
    assert.equal(batch.points + batch.rejected, 2_000_000);
    assert.ok(batch.points > 1_000_000 && batch.rejected > 0);
    assert.match(batch.why ?? '', /too many points/);
  });
});

describe('reading takes time in proportion to the bytes', () => {
  const repeated = (count: number, part: Uint8Array) => Buffer.alloc(count * part.length, part);
  const shapes: Record<string, (count: number) => Uint8Array> = {
    points: (count) => gauge(repeated(count, field(1, value, pair(7, 'key', string(1, 'value'))))),
    'attributes between other fields': (count) =>
      gauge(field(1, repeated(count, Buffer.concat([pair(7, 'k', string(1, 'v')), Uint8Array.of(0x40, 0)])))),
    'a resource in parts': (count) => field(1, repeated(count, field(1, pair(1, 'k', string(1, 'v')))), field(2)),
    'counts that are not packed': (count) => histogram(repeated(count, Uint8Array.from([0x31, 1, 0, 0, 0, 0, 0, 0, 0]))),
    'members of a oneof': (count) =>
      field(1, field(2, field(2, repeated(count, Buffer.concat([field(5, good), field(7, good)]))))),
    'groups in a row': (count) => repeated(count, group(12, 8, 1)),
    'deep values': (count) => gauge(field(1, value, pair(7, 'k', field(5, repeated(count, field(1, nested(40))))))),
  };
  /** Of one point no more is read in one go. */
  const sizes: Record<string, number> = { points: 30_000, 'attributes between other fields': 5_000, 'deep values': 300 };
  for (const [name, make] of Object.entries(shapes)) {
    test(name, () => {
      assertLinear((size) => {
        const bytes = make(size);
        return () => readBatch(bytes, defaultBatchLimits);
      }, sizes[name] ?? 10_000);
    });
  }
});
