import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeTexts } from '../../../src/received/names/attribute-texts.ts';
import { attributes, type Value } from './protobuf.ts';

// OpenTelemetry specification, "AnyValue representation for non-OTLP protocols": its examples, and what the Collector v0.159 shows of the same values.
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
  ['"quoted"', '"quoted"'],
  [['"quoted"'], '["\\"quoted\\""]'],
  [['a\u2028b\u2029', '<&>'], '["a\\u2028b\\u2029","<&>"]'],
  [new Map([['\u2028', '\u2029']]), '{"\\u2028":"\\u2029"}'],
];

for (const [value, text] of cases) {
  test(`an attribute's value becomes ${JSON.stringify(text)}`, () => {
    assert.deepEqual(attributeTexts(attributes({ k: value })), [['k', text]]);
  });
}

test('attributes keep their order, and other fields are left out where a tag is given', () => {
  const bytes = Buffer.concat([attributes({ b: '1', a: '2' }, 1), attributes({ other: 'x' }, 3)]);
  assert.deepEqual(attributeTexts(bytes, 10), [
    ['b', '1'],
    ['a', '2'],
  ]);
});
