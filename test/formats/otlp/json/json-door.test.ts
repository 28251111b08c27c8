/**
 * OTLP in JSON: each form that the specification, protobuf's own JSON, or the Collector takes, as the generated decoder reads
 * what becomes of it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import { MalformedRequest } from '../../../../src/formats/otlp/wire/malformed.ts';
import { assertLinear } from '../../../linear.ts';
import { decodeGenerated } from '../generated.ts';

const wrap = (metric: string) => `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${metric}]}]}]}`;
const metricOf = (metric: string) =>
  decodeGenerated(jsonToProtobuf(Buffer.from(wrap(metric)))).resourceMetrics[0].scopeMetrics[0].metrics[0];
const pointOf = (point: string) => metricOf(`{"gauge":{"dataPoints":[{${point}}]}}`).gauge.dataPoints[0];
const attributeValue = (value: string) => pointOf(`"attributes":[{"key":"k","value":${value}}]`).attributes[0].value;
const exemplarOf = (exemplar: string) => pointOf(`"exemplars":[{${exemplar}}]`).exemplars[0];

const points: readonly (readonly [json: string, field: string, value: unknown])[] = [
  ['"asInt":"-9223372036854775808"', 'asInt', -(2n ** 63n)],
  ['"asInt":9007199254740993', 'asInt', 9007199254740993n],
  ['"asInt":5.0', 'asInt', 5n],
  ['"asInt":"1e3"', 'asInt', 1000n],
  ['"timeUnixNano":"18446744073709551615"', 'timeUnixNano', 2n ** 64n - 1n],
  ['"time_unix_nano":1795357530000000001', 'timeUnixNano', 1795357530000000001n],
  ['"asDouble":1.5e-7', 'asDouble', 1.5e-7],
  ['"asDouble":"2.5"', 'asDouble', 2.5],
  ['"asDouble":"NaN"', 'asDouble', Number.NaN],
  ['"asDouble":"Infinity"', 'asDouble', Number.POSITIVE_INFINITY],
  ['"asDouble":"-Infinity"', 'asDouble', Number.NEGATIVE_INFINITY],
  ['"asDouble":null', 'asDouble', undefined],
  ['"flags":"1"', 'flags', 1],
  ['"other":[{"a":[]},null,true,"\\u0041",-1.5e+3],"flags":1', 'flags', 1],
];

const values: readonly (readonly [json: string, value: unknown])[] = [
  ['{"stringValue":"é\\u00e9\\ud83d\\ude00\\"\\n"}', { stringValue: 'éé😀"\n' }],
  ['{"stringValue":"\\ud800"}', { stringValue: '\ufffd' }],
  ['{"string_value":""}', { stringValue: '' }],
  ['{"boolValue":true}', { boolValue: true }],
  ['{"intValue":"-5"}', { intValue: -5n }],
  ['{"bytesValue":"-_+/"}', { bytesValue: Uint8Array.of(0xfb, 0xff, 0xbf) }],
  ['{"bytesValue":"QQ"}', { bytesValue: Uint8Array.of(0x41) }],
  ['{"arrayValue":{"values":[{"intValue":1},{}]}}', { arrayValue: { values: [{ intValue: 1n }, {}] } }],
  [
    '{"kvlistValue":{"values":[{"key":"a","value":{"doubleValue":0}}]}}',
    { kvlistValue: { values: [{ key: 'a', value: { doubleValue: 0 } }] } },
  ],
  ['{}', {}],
];

describe('OTLP in JSON', () => {
  for (const [json, field, value] of points) test(json, () => assert.deepEqual(pointOf(json)[field], value));
  for (const [json, value] of values) test(json, () => assert.deepEqual(attributeValue(json), value));

  test('temporality by number and by name', () => {
    for (const json of ['2', '"AGGREGATION_TEMPORALITY_CUMULATIVE"']) {
      assert.equal(metricOf(`{"sum":{"aggregationTemporality":${json}}}`).sum.aggregationTemporality, 2);
    }
  });

  test('ids in hexadecimal of either case', () => {
    const { traceId, spanId } = exemplarOf('"traceId":"5B8EFFF798038103d269b633813fc60c","spanId":"EEE19B7EC3C1B174"');
    assert.deepEqual(
      [traceId, spanId].map((id) => Buffer.from(id).toString('hex')),
      ['5b8efff798038103d269b633813fc60c', 'eee19b7ec3c1b174'],
    );
  });

  test('numbers in lists, and a negative sint32', () => {
    const histogram =
      '{"exponentialHistogram":{"dataPoints":[{"scale":-3,"positive":{"offset":-2147483648,"bucketCounts":["1",18446744073709551615]}}]}}';
    const [point] = metricOf(histogram).exponentialHistogram.dataPoints;
    assert.deepEqual([point.scale, point.positive], [-3, { offset: -(2 ** 31), bucketCounts: [1n, 2n ** 64n - 1n] }]);
  });
});

const deep = (depth: number) => `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
const attribute = 'resourceMetrics\\[0\\].scopeMetrics\\[0\\].metrics\\[0\\].gauge.dataPoints\\[0\\].attributes\\[0\\].value';
const inPoint = (point: string) => wrap(`{"gauge":{"dataPoints":[{${point}}]}}`);
const refused: readonly (readonly [json: string | Uint8Array, message: string])[] = [
  ['', '^JSON \\(byte 0\\): got the end of the JSON; want an object$'],
  ['[]', 'want an object'],
  ['{} x', 'behind the request'],
  ['{"a":01}', 'want a number'],
  ['{"a":"\\x"}', 'an escape'],
  ['{"a":"\n"}', 'control character'],
  ['{"a":"', 'a string that does not end'],
  ['{"a":1,}', 'want a string'],
  [Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22), 'not valid UTF-8'],
  [`{"a":${'['.repeat(100_000)}`, 'more than 512 deep'],
  [
    inPoint('"asInt":"x"'),
    '^resourceMetrics\\[0\\].scopeMetrics\\[0\\].metrics\\[0\\].gauge.dataPoints\\[0\\].asInt \\(byte \\d+\\): got "x"; want an integer',
  ],
  [inPoint('"asInt":9223372036854775808'), 'want an integer'],
  [inPoint('"asInt":1.5'), 'want an integer'],
  [inPoint('"timeUnixNano":-1'), 'want an integer'],
  [inPoint('"flags":4294967296'), 'want an integer'],
  [inPoint('"asDouble":"1,5"'), 'want a number, "NaN"'],
  [inPoint('"asDouble":1e999'), 'want a number'],
  [inPoint('"exemplars":[{"traceId":"abc"}]'), '32 hexadecimal digits'],
  [inPoint('"attributes":[{"value":{"bytesValue":"?"}}]'), `^${attribute}.bytesValue .* not base64`],
  [inPoint(`"attributes":[{"value":${deep(64)}}]`), 'values in one another more than 64 deep'],
  [wrap('{"sum":{"aggregationTemporality":"DELTA"}}'), 'want one of AGGREGATION_TEMPORALITY_UNSPECIFIED'],
  [wrap('{"sum":{"isMonotonic":1}}'), 'isMonotonic .*want false'],
];

describe('JSON that cannot be read', () => {
  for (const [json, message] of refused) {
    test(`is refused with its place: ${String(json).slice(-60)}`, () => {
      const isProper = (error: unknown) => error instanceof MalformedRequest && new RegExp(message).test(error.message);
      assert.throws(() => jsonToProtobuf(Buffer.from(json)), isProper);
    });
  }

  test('is not one of values 64 deep', () => {
    assert.doesNotThrow(() => jsonToProtobuf(Buffer.from(inPoint(`"attributes":[{"value":${deep(63)}}]`))));
  });
});

describe('JSON takes time in proportion to its bytes', () => {
  const shapes: Record<string, (count: number) => string> = {
    points: (count) => inPoint(`}${',{"asInt":"7","timeUnixNano":"1795357530000000000"}'.repeat(count)},{`),
    escapes: (count) => inPoint(`"attributes":[{"key":"${'\\u00e9'.repeat(count)}"}]`),
    digits: (count) => inPoint(`"asDouble":${'1'.repeat(count)}e-${count}`),
    'what is unknown': (count) => `{"a":[${'{"b":"c"},'.repeat(count)}1]}`,
    'deep values': (count) => inPoint(`"attributes":[${`{"value":${deep(30)}},`.repeat(count / 20)}{}]`),
  };
  /** Of these no more is read in one go. */
  const sizes: Record<string, number> = { 'what is unknown': 5_000, 'deep values': 2_000 };
  for (const [name, make] of Object.entries(shapes)) {
    test(name, () => {
      assertLinear((size) => {
        const bytes = Buffer.from(make(size));
        return () => jsonToProtobuf(bytes);
      }, sizes[name] ?? 20_000);
    });
  }
});
