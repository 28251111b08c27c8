/** "AnyValue representation for non-OTLP protocols" of the OpenTelemetry specification, with its own examples where it gives some. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyValue } from '../../src/otlp/batch-tree.ts';
import { valueText } from '../../src/otlp/value-text.ts';

const hello = Buffer.from('hello world');
const list = (...values: AnyValue[]): AnyValue => ({ arrayValue: { values } });
const map = (values: Record<string, AnyValue>): AnyValue => ({
  kvlistValue: { values: Object.entries(values).map(([key, value]) => ({ key, value })) },
});

const cases: readonly (readonly [AnyValue | undefined, string])[] = [
  [{ stringValue: 'hello world' }, 'hello world'],
  [{ stringValue: '' }, ''],
  [{ boolValue: true }, 'true'],
  [{ boolValue: false }, 'false'],
  [{ intValue: -123n }, '-123'],
  [{ intValue: 2n ** 63n - 1n }, '9223372036854775807'],
  [{ doubleValue: 1.23e-7 }, '1.23e-7'],
  [{ doubleValue: 1.23e30 }, '1.23e+30'],
  [{ doubleValue: -0 }, '-0'],
  [{ doubleValue: Number.NaN }, 'NaN'],
  [{ doubleValue: Number.NEGATIVE_INFINITY }, '-Infinity'],
  [{ bytesValue: hello }, 'aGVsbG8gd29ybGQ='],
  [{}, ''],
  [undefined, ''],
  [list(), '[]'],
  [
    list(
      { intValue: 1n },
      { doubleValue: Number.NEGATIVE_INFINITY },
      { stringValue: 'a' },
      { boolValue: true },
      map({ nested: { bytesValue: hello } }),
    ),
    '[1,"-Infinity","a",true,{"nested":"aGVsbG8gd29ybGQ="}]',
  ],
  [map({}), '{}'],
  [
    map({ b: { intValue: 2n }, a: { doubleValue: Number.NEGATIVE_INFINITY }, c: list({ intValue: 3n }, {}) }),
    '{"a":"-Infinity","b":2,"c":[3,null]}',
  ],
  [list({ stringValue: '"\n' }), '["\\"\\n"]'],
];

for (const [value, text] of cases)
  test(`an attribute's value as text: ${JSON.stringify(text)}`, () => assert.equal(valueText(value), text));
