import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textIn } from '../../../../src/formats/otlp/value/value-text.ts';
import { attributeTexts } from '../../../../src/service/received/names/attribute-texts.ts';
import { anyValue, attributes, message, type Value } from '../../../service/received/names/protobuf.ts';

// OpenTelemetry specification, "AnyValue representation for non-OTLP protocols": its examples, and what the Collector v0.159
// shows of the same values.
const cases: readonly (readonly [Value, string])[] = [
  ['hello world', 'hello world'],
  ['', ''],
  [true, 'true'],
  [false, 'false'],
  [42, '42'],
  [-123, '-123'],
  [9223372036854775807n, '9223372036854775807'],
  [-9223372036854775808n, '-9223372036854775808'],
  [9007199254740993n, '9007199254740993'],
  [3.25, '3.25'],
  [1e-7, '1e-7'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [Buffer.from('hello world'), 'aGVsbG8gd29ybGQ='],
  [null, ''],
  [[], '[]'],
  [
    [1, Number.NEGATIVE_INFINITY, 'a', true, new Map([['nested', Buffer.from('hello world')]])],
    '[1,"-Infinity","a",true,{"nested":"aGVsbG8gd29ybGQ="}]',
  ],
  [[1, 'x', null], '[1,"x",null]'],
  [new Map(), '{}'],
  [
    new Map<string, Value>([
      ['z', '1'],
      ['a', 1],
    ]),
    '{"a":1,"z":"1"}',
  ],
  [
    new Map<string, Value>([
      ['a', Number.NEGATIVE_INFINITY],
      ['b', 2],
      ['c', [3, null]],
    ]),
    '{"a":"-Infinity","b":2,"c":[3,null]}',
  ],
  [[Number.NaN, [Number.POSITIVE_INFINITY]], '["NaN",["Infinity"]]'],
  [[Buffer.alloc(0), new Map([['a', Buffer.alloc(0)]])], '["",{"a":""}]'],
  [Buffer.alloc(0), ''],
  [[1e-7, 1e-6], '[1e-7,0.000001]'],
  // As the Collector, by UTF-8: UTF-16 has them the other way round.
  [
    new Map([
      ['\u{1f600}', 1],
      ['\uffee', 2],
    ]),
    '{"\uffee":2,"\u{1f600}":1}',
  ],
  ['"quoted"', '"quoted"'],
  [['"quoted"'], '["\\"quoted\\""]'],
  [['a\u2028b\u2029', '<&>'], '["a\\u2028b\\u2029","<&>"]'],
  [new Map([['\u2028', '\u2029']]), '{"\\u2028":"\\u2029"}'],
];

for (const [value, text] of cases) {
  test(`an attribute's value becomes ${JSON.stringify(text)}`, () => {
    const bytes = anyValue(value);
    assert.equal(textIn(bytes, 0, bytes.length), text);
  });
}

test('of a key that stands twice in a map the last value counts', () => {
  const twice = message(6, Buffer.concat([1, 2].map((one) => anyValue(new Map([['a', one]])).subarray(2))));
  assert.equal(textIn(twice, 0, twice.length), '{"a":2}');
});

test('attributes keep their order, and other fields are left out where a tag is given', () => {
  const bytes = Buffer.concat([attributes({ b: '1', a: '2' }, 1), attributes({ other: 'x' }, 3)]);
  assert.deepEqual(attributeTexts(bytes, 10), [
    ['b', '1'],
    ['a', '2'],
  ]);
});
