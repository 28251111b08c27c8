import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byCodeUnit, encodeAttributes } from '../../../../src/formats/otlp/value/attributes.ts';
import { attributeBytes, attributePairs, plainAttributes, splitAttributes } from '../../../../src/formats/otlp/value/labels.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

// Written by hand from opentelemetry-proto's common.proto and protobuf's encoding page.
const wire: readonly [what: string, value: string | Uint8Array, pair: string][] = [
  ['a string', 'b', '3a08 0a0161 1203 0a0162'],
  ['the empty string', '', '3a07 0a0161 1202 0a00'],
  ['true', bytesOf('1001'), '3a07 0a0161 1202 1001'],
  ['a double', bytesOf('21000000000000f83f'), '3a0e 0a0161 1209 21000000000000f83f'],
  ['an array', bytesOf('2a05 0a03 0a0178'), '3a0c 0a0161 1207 2a05 0a03 0a0178'],
  ['bytes, which the API does not have', bytesOf('3a02 fffe'), '3a09 0a0161 1204 3a02 fffe'],
  ['no value', new Uint8Array(0), '3a05 0a0161 1200'],
];
for (const [what, value, pair] of wire) {
  test(`a label as an attribute, and back: ${what}`, () => {
    const labels = { names: ['a'], values: [value] };
    assert.equal(hex(attributeBytes(labels)), pair.replaceAll(' ', ''));
    const { names, values } = splitAttributes(bytesOf(pair));
    assert.deepEqual(
      [names, ...values.map((one) => (typeof one === 'string' ? one : hex(one)))],
      [['a'], typeof value === 'string' ? value : hex(value)],
    );
  });
}

test('values of types that the API does not have are in no pair', () => {
  const labels = { names: ['a', 'b', 'c'], values: [bytesOf('3a02 fffe'), 'x', new Uint8Array(0)] };
  assert.deepEqual(attributePairs(labels), [['b', 'x']]);
});

test('attributes come ascending by code unit, whatever the order of the labels', () => {
  const labels = { names: ['b', 'B', 'a'], values: ['1', '2', bytesOf('1803')] };
  assert.deepEqual(attributePairs(labels), [
    ['B', '2'],
    ['a', 3],
    ['b', '1'],
  ]);
  assert.equal(hex(attributeBytes(labels)), hex(encodeAttributes({ b: '1', B: '2', a: 3 })));
});

const text = fc.string({ unit: 'grapheme' });
/** -0 is an integer there, and so 0. */
const double = fc.double().map((number) => (number === 0 ? 0 : number));
const value = fc.oneof(text, double, fc.boolean(), fc.array(text), fc.string({ minLength: 120, maxLength: 300 }));

test('any attributes taken apart and joined again have the same bytes and pairs', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value, { noNullPrototype: true }), (attributes) => {
      const bytes = encodeAttributes(attributes);
      const { names, values } = splitAttributes(bytes);
      assert.equal(hex(attributeBytes({ names, values })), hex(bytes));
      assert.equal(hex(attributeBytes({ names: names.toReversed(), values: values.toReversed() })), hex(bytes));
      assert.deepEqual(
        attributePairs({ names, values }),
        Object.keys(attributes)
          .sort(byCodeUnit)
          .map((name) => [name, attributes[name]]),
      );
    }),
  );
});

test('bytes that are no protobuf are refused', () => {
  assert.throws(() => splitAttributes(bytesOf('3a09 0a0161')), RangeError);
});

test('what Prometheus can tell apart: strings that are not empty are the same object, all else its text, and nothing where that is empty', () => {
  for (const attributes of [{}, { a: 'b' }, { a: 'b', long: 'ü'.repeat(200), ['n'.repeat(150)]: '1' }, { '': 'unnamed' }]) {
    const bytes = encodeAttributes(attributes);
    assert.equal(plainAttributes(bytes), bytes);
  }
  for (const [attributes, plain] of [
    [
      { a: 'b', n: 1 },
      { a: 'b', n: '1' },
    ],
    [
      { flag: true, z: 'long '.repeat(60) },
      { flag: 'true', z: 'long '.repeat(60) },
    ],
    [{ a: '', b: 'c' }, { b: 'c' }],
    [{ b: 'c', z: '' }, { b: 'c' }],
  ] as const) {
    assert.equal(hex(plainAttributes(encodeAttributes(attributes))), hex(encodeAttributes(plain)));
  }
});
