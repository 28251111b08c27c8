/**
 * A batch as OTLP's JSON. Expected lines are typed from the OTLP specification ("JSON Protobuf Encoding") and protobuf's JSON
 * mapping; numbers from Go's
 * `strconv.FormatFloat`, as the Collector writes them. That whole requests are the Collector's bytes is a test of the twin.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Batch, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonOf, writeJson } from '../../../../src/formats/otlp/json/from-protobuf.ts';
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import { ByteSink } from '../../../../src/formats/otlp/wire/byte-sink.ts';
import { repeated } from '../../../full.ts';
import { assertLinear } from '../../../linear.ts';
import { request } from '../generated.ts';
import { pointNode, wholeBatch } from '../whole-batch.ts';
import { Choices, writeRandom } from '../wire-forms.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const written = (json: string) => text(jsonOf(readBatch(jsonToProtobuf(Buffer.from(json)))));
const wrap = (metric: string) => `{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{},"metrics":[${metric}]}]}]}`;
const inPoint = (point: string) => wrap(`{"name":"g","gauge":{"dataPoints":[{${point}}]}}`);
const inValue = (value: string) => inPoint(`"attributes":[{"key":"k","value":${value}}],"asInt":"1"`);

/** What comes out as it went in, but for what is named. */
const same: Readonly<Record<string, string>> = {
  'a request of nothing': '{}',
  'resources and scopes of nothing': '{"resourceMetrics":[{"resource":{}},{"resource":{},"scopeMetrics":[{"scope":{}}]}]}',
  'all of a resource':
    '{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":{"stringValue":"b"}}],"droppedAttributesCount":3,"entityRefs":[{"schemaUrl":"u","type":"host","idKeys":["a","b"],"descriptionKeys":["c"]},{"type":"t"}]},"schemaUrl":"https://x"}]}',
  'all of a scope':
    '{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{"name":"n","version":"1","attributes":[{"key":"a","value":{"boolValue":false}}],"droppedAttributesCount":4294967295},"schemaUrl":"https://y"}]}]}',
  'all of a metric': wrap(
    '{"name":"m","description":"d","unit":"s","sum":{"dataPoints":[{"asDouble":0}],"aggregationTemporality":2,"isMonotonic":true},"metadata":[{"key":"a","value":{"stringValue":""}}]}',
  ),
  'metrics without points, and without a type': wrap('{"name":"a","gauge":{}},{"name":"b"},{}'),
  'all of a number': inPoint(
    '"attributes":[{"key":"k","value":{"stringValue":"v"}}],"startTimeUnixNano":"1","timeUnixNano":"18446744073709551615","asInt":"-9223372036854775808","exemplars":[{"filteredAttributes":[{"key":"f","value":{}}],"timeUnixNano":"1795357530000000001","asInt":"9223372036854775807","traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"},{"asDouble":0}],"flags":4294967295',
  ),
  'the zeros of a oneof': wrap('{"sum":{"dataPoints":[{"asInt":"0"},{"asDouble":0},{"asDouble":-0}]}}'),
  'all of a histogram': wrap(
    '{"name":"h","histogram":{"dataPoints":[{"count":"3","sum":0,"bucketCounts":["1","0","18446744073709551615"],"explicitBounds":[-1,0.5],"exemplars":[{"asDouble":1.5}],"flags":1,"min":0,"max":2},{}],"aggregationTemporality":1}}',
  ),
  'all of an exponential histogram': wrap(
    '{"name":"e","exponentialHistogram":{"dataPoints":[{"count":"4","sum":"NaN","scale":-10,"zeroCount":"1","positive":{"offset":-2147483648,"bucketCounts":["0","9007199254740993"]},"negative":{},"flags":1,"exemplars":[{}],"min":-1,"max":1,"zeroThreshold":0.25}],"aggregationTemporality":2}}',
  ),
  'all of a summary': wrap(
    '{"name":"s","summary":{"dataPoints":[{"count":"1","sum":2,"quantileValues":[{},{"quantile":0.5,"value":"Infinity"}],"flags":1}]}}',
  ),
  'lists, maps and bytes': inValue(
    '{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":"-1"},{"boolValue":true},{},{"doubleValue":0.1},{"arrayValue":{}},{"kvlistValue":{}}]}}},{"key":"b","value":{"bytesValue":"AP+/"}},{"key":"c","value":{"bytesValue":""}}]}}',
  ),
};

/** What a sender may write otherwise. */
const otherwise: Readonly<Record<string, readonly [sent: string, written: string]>> = {
  'ids of zeros, and what has its default': [
    inPoint(
      `"timeUnixNano":0,"flags":0,"asInt":1,"exemplars":[{"timeUnixNano":"0","traceId":"${'0'.repeat(32)}","spanId":"${'0'.repeat(16)}"}]`,
    ),
    inPoint('"asInt":"1","exemplars":[{}]'),
  ],
  'zeros of a summary': [
    wrap('{"summary":{"dataPoints":[{"count":0,"sum":-0.0,"quantileValues":[{"quantile":0,"value":0}]}]}}'),
    wrap('{"summary":{"dataPoints":[{"quantileValues":[{}]}]}}'),
  ],
  'no value and no key': [
    inPoint('"attributes":[{"key":"a"},{"key":""}],"asInt":1'),
    inPoint('"attributes":[{"key":"a","value":{}},{"value":{}}],"asInt":"1"'),
  ],
  'buckets that are not there': [
    wrap('{"exponentialHistogram":{"dataPoints":[{"zeroThreshold":0}]}}'),
    wrap('{"exponentialHistogram":{"dataPoints":[{"positive":{},"negative":{}}]}}'),
  ],
};

/** By Go's `strconv.FormatFloat(x, 'f' or 'e', -1, 64)`, with 'e' below 1e-6 and from 1e21 on. */
const doubles: readonly (readonly [number, string])[] = [
  [0.1, '0.1'],
  [1e-6, '0.000001'],
  [9.99e-7, '9.99e-07'],
  [1.5e-10, '1.5e-10'],
  [5e-324, '5e-324'],
  [1e20, '100000000000000000000'],
  [2 ** 60, '1152921504606847000'],
  [1e21, '1e+21'],
  [-1.7976931348623157e308, '-1.7976931348623157e+308'],
  [1 / 3, '0.3333333333333333'],
  [Number.NaN, '"NaN"'],
  [Number.POSITIVE_INFINITY, '"Infinity"'],
  [Number.NEGATIVE_INFINITY, '"-Infinity"'],
];

/** RFC 8259 asks for these escapes and no others; short ones where the Collector has them. */
const strings: readonly (readonly [string, string])[] = [
  ['a"b\\c', 'a\\"b\\\\c'],
  ['\n\r\t', '\\n\\r\\t'],
  ['\b\f\u0000\u001f', '\\u0008\\u000c\\u0000\\u001f'],
  ['\u007f/<&>\u2028', '\u007f/<&>\u2028'],
  ['äß日本𝒳', 'äß日本𝒳'],
  ['', ''],
];

describe('OTLP as JSON', () => {
  for (const [name, json] of Object.entries(same)) test(name, () => assert.equal(written(json), json));
  for (const [name, [sent, due]] of Object.entries(otherwise)) test(name, () => assert.equal(written(sent), due));
  for (const [value, due] of doubles) {
    const sent = Number.isFinite(value) ? String(value) : `"${value}"`;
    test(`the double ${value}`, () => assert.equal(written(inPoint(`"asDouble":${sent}`)), inPoint(`"asDouble":${due}`)));
  }
  for (const [value, due] of strings) {
    test(`the string ${JSON.stringify(value)}, wherever it stands`, () => {
      for (let ahead = 0; ahead < 9; ahead++) {
        for (const behind of ['', 'y', 'yyyyy', 'y'.repeat(200)]) {
          const sent = JSON.stringify(`${'x'.repeat(ahead)}${value}${behind}`);
          const expected = `"${'x'.repeat(ahead)}${due}${behind}"`;
          assert.equal(written(inValue(`{"stringValue":${sent}}`)), inValue(`{"stringValue":${expected}}`));
        }
      }
    });
  }

  test('every string, and every 64-bit integer', () => {
    const all = fc.record({
      string: fc.string({ unit: 'binary' }),
      signed: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      unsigned: fc.bigInt(1n, 2n ** 64n - 1n),
    });
    fc.assert(
      fc.property(all, ({ string, signed, unsigned }) => {
        const json = inPoint(
          `"attributes":[{"key":"k","value":{"stringValue":${JSON.stringify(string)}}}],"timeUnixNano":"${unsigned}","asInt":"${signed}"`,
        );
        assert.deepEqual(JSON.parse(written(json)), JSON.parse(json));
      }),
      { numRuns: repeated(500, 2_000, 2_000) },
    );
  });
});

const tree = (batch: Batch) => significant(wholeBatch(batch, (point, type) => pointNode(batch, point, type)));
/** Members of a `oneof`, and the `optional` fields: of others, 0 and empty say no more than absent. */
const present = /^(string|bool|int|double|bytes|array|kvlist)Value$|^as(Double|Int)$|^(min|max)$/;
const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value || /^0+$/.test(String(value));

function significant(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(significant);
  if (typeof value !== 'object' || value === null) return value;
  const said = (key: string, one: unknown) =>
    present.test(key) || (key === 'sum' && !('quantileValues' in value)) || Number.isNaN(one) || !isEmpty(one);
  const entries = Object.entries(value).map(([key, one]) => [key, significant(one)] as const);
  return Object.fromEntries(entries.filter(([key, one]) => said(key, one)));
}

test('a random request, written as JSON, reads back as what it was', () => {
  const numRuns = Number(process.env.METERBRIDGE_CASES ?? repeated(750, 3_000, 3_000));
  let points = 0;
  const entropy = fc.uint8Array({ minLength: 20, maxLength: 500, size: 'max' });
  fc.assert(
    fc.property(entropy, (choices) => {
      const batch = readBatch(writeRandom(request, new Choices(choices)));
      const due = tree(batch);
      points += batch.points;
      const json = jsonOf(batch);
      assert.deepEqual(tree(readBatch(jsonToProtobuf(json))), due, text(json));
    }),
    { numRuns, seed: Number(process.env.METERBRIDGE_SEED ?? 1) },
  );
  assert.ok(points > numRuns / 3, `only ${points} points: the requests say nothing`);
});

const many = (count: number, metrics: number) =>
  jsonToProtobuf(
    Buffer.from(
      wrap(
        Array.from(
          { length: metrics },
          () => `{"name":"g","gauge":{"dataPoints":[${'{"asDouble":1.5},'.repeat(count)}{"asInt":"1"}]}}`,
        ).join(','),
      ),
    ),
  );

describe('a large batch', () => {
  for (const [count, metrics] of [
    [50_000, 1],
    [2, 20_000],
  ] as const) {
    test(`of ${metrics} metrics is written in slices`, () => {
      const batch = readBatch(many(count, metrics));
      const sink = new ByteSink();
      let before = 0;
      for (const _ of writeJson(batch, sink)) {
        assert.ok(sink.at - before < 260 * 1_024, `a slice of ${sink.at - before} bytes`);
        before = sink.at;
      }
      assert.ok(before > 256 * 1_024);
      assert.deepEqual(
        JSON.parse(text(sink.take())).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints.length,
        count + 1,
      );
    });
  }

  test('takes time in proportion to its bytes', () => {
    assertLinear((size) => {
      const bytes = many(size, 1);
      return () => jsonOf(readBatch(bytes));
    }, 20_000);
  });
});

test('what a batch rejects is not written', () => {
  const both = wrap('{"name":"h","histogram":{"dataPoints":[{"bucketCounts":["1"],"explicitBounds":[1]},{"count":"1"}]}}');
  assert.equal(written(both), wrap('{"name":"h","histogram":{"dataPoints":[{"count":"1"}]}}'));
});
