/** Requests that are read in slices: the same as in one piece, and no more of them than an honest sender has. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createBatchReader, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { defaultBatchLimits } from '../../../../src/formats/otlp/batch/batch-limits.ts';
import { createJsonReader, jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../../src/formats/otlp/wire/malformed.ts';
import { random } from '../../../conformance/random.ts';
import { request } from '../generated.ts';
import { mutate } from '../mutate.ts';
import { Choices, writeRandom } from '../wire-forms.ts';

/** All that a read request is, or why it is none. */
function seen(read: () => ReturnType<typeof readBatch>) {
  try {
    const { bytes, index, length, points, rejected, why } = read();
    return { bytes: Buffer.from(bytes).toString('hex'), index: [...index.subarray(0, length)], points, rejected, why };
  } catch (error) {
    assert.ok(error instanceof MalformedRequest, String(error));
    return error.message;
  }
}

function inSlices<Result>(reader: { read(bytes: number): Result | undefined }, size: number): Result {
  for (;;) {
    const result = reader.read(size);
    if (result !== undefined) return result;
  }
}

const entropy = fc.uint8Array({ minLength: 20, maxLength: 300, size: 'max' });
const options = { numRuns: 2_000, seed: 1 };

test('a request in slices of any size is what it is in one piece', () => {
  fc.assert(
    fc.property(entropy, fc.integer({ min: 1, max: 200 }), fc.boolean(), (choices, size, isChanged) => {
      const whole = writeRandom(request, new Choices(choices));
      const bytes = isChanged ? mutate(whole, random(size)) : whole;
      assert.deepEqual(
        seen(() => inSlices(createBatchReader(bytes, defaultBatchLimits), size)),
        seen(() => readBatch(bytes)),
      );
    }),
    options,
  );
});

test('JSON in slices of any size is what it is in one piece', () => {
  const metric =
    '{"name":"m","gauge":{"dataPoints":[{"asInt":"1","attributes":[{"key":"k","value":{"stringValue":"v"}}]},{"asDouble":2}]}}';
  const text = `{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{"name":"s"},"metrics":[${metric},${metric}]},{}]},null,{}]}`;
  const result = (read: () => Uint8Array) => {
    try {
      return Buffer.from(read()).toString('hex');
    } catch (error) {
      return String(error);
    }
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1_000_000 }), (size, chance) => {
      const bytes = chance % 3 === 0 ? Buffer.from(text) : mutate(Buffer.from(text), random(chance));
      assert.equal(
        result(() => inSlices(createJsonReader(bytes), size)),
        result(() => jsonToProtobuf(bytes)),
      );
    }),
    options,
  );
});

/** A field of number `of` with this content. */
function field(of: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Uint8Array.of(of * 8 + 2, ...length, rest), content]);
}

const repeated = (count: number, ...bytes: number[]) => Buffer.alloc(count * bytes.length, Uint8Array.from(bytes));
const inMetric = (...parts: Uint8Array[]) => field(1, field(2, field(2, ...parts)));
const inPoint = (...parts: Uint8Array[]) => inMetric(field(5, field(1, ...parts)));
const list = (entries: Uint8Array) => field(7, field(1, Buffer.from('k')), field(2, field(5, entries)));
const million = 1_000_000;

describe('a request of more than a million elements', () => {
  const shapes: Record<string, (count: number) => Uint8Array> = {
    resources: (count) => repeated(count, 10, 0),
    scopes: (count) => field(1, repeated(count - 1, 18, 0)),
    metrics: (count) => field(1, field(2, repeated(count - 2, 18, 0))),
    'entries of lists': (count) =>
      inMetric(field(5, ...Array.from({ length: 100 }, () => field(1, list(repeated(Math.floor((count - 3) / 100), 10, 0)))))),
  };
  for (const [name, make] of Object.entries(shapes))
    test(`is refused, one of a million is not: ${name}`, () => {
      const limits = { ...defaultBatchLimits, valueBytes: 1e9 };
      inSlices(createBatchReader(make(million), limits), 32_768);
      for (const bytes of [make(million + 200), make(9 * million)])
        assert.throws(() => inSlices(createBatchReader(bytes, limits), 32_768), /more than 1000000 elements/);
    });

  test('is refused where it has one resource, scope or sum in a million parts', () => {
    for (const bytes of [
      field(1, repeated(2 * million, 10, 0)),
      field(1, field(2, repeated(2 * million, 10, 0))),
      inMetric(repeated(2 * million, 0x3a, 0)),
    ])
      assert.throws(() => inSlices(createBatchReader(bytes, defaultBatchLimits), 32_768), /more than 1000000 elements/);
  });

  test('is refused in JSON', () => {
    const text = (count: number) => Buffer.from(`{"resourceMetrics":[${'{},'.repeat(count - 1)}{}]}`);
    inSlices(createJsonReader(text(million)), 32_768);
    assert.throws(() => inSlices(createJsonReader(text(million + 1)), 32_768), /more than 1000000 elements/);
  });
});

test('what is read in one go has a hundred thousand parts at most', () => {
  const many = 100_001;
  const parts: Record<string, Uint8Array> = {
    attributes: inPoint(repeated(many, 0x3a, 0)),
    exemplars: inPoint(repeated(many, 0x2a, 0)),
    'unknown fields': inPoint(repeated(many, 0x7a, 0)),
    'the same field': inPoint(repeated(many, 0x19, 0, 0, 0, 0, 0, 0, 0, 0)),
    'entries of a list': inPoint(list(repeated(many, 10, 0))),
    'buckets of an exponential histogram': inMetric(field(10, field(1, field(8, field(2, repeated(2 ** 20 + 1, 1)))))),
    'attributes of a resource': field(1, field(1, repeated(many, 10, 0))),
  };
  for (const [name, bytes] of Object.entries(parts)) assert.throws(() => readBatch(bytes), /more than 100000 parts/, name);
  assert.throws(() => jsonToProtobuf(Buffer.from(`{"x":[${'0,'.repeat(many)}0]}`)), /more than 100000 members and items/);
  for (const long of [`"${'a'.repeat(2 ** 21)}"`, '1'.repeat(2 ** 21), ' '.repeat(2 ** 21)])
    assert.throws(() => jsonToProtobuf(Buffer.from(`{"x":${long}}`)), /of more than 1048576 bytes/);
});

test('50,000 points with ten attributes are read', () => {
  const attribute = (at: number) => field(7, field(1, Buffer.from(`key.${at}`)), field(2, field(1, Buffer.from(`value ${at}`))));
  const value = Buffer.from([0x21, 0, 0, 0, 0, 0, 0, 0, 0]);
  const point = field(1, ...Array.from({ length: 10 }, (_, at) => attribute(at)), value);
  const bytes = inMetric(field(5, ...Array.from({ length: 50_000 }, () => point)));
  assert.deepEqual(
    seen(() => inSlices(createBatchReader(bytes, defaultBatchLimits), 32_768)),
    seen(() => readBatch(bytes)),
  );
  assert.equal(readBatch(bytes).points, 50_000);
});
