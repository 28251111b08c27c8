import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes } from '@opentelemetry/api';
import fc from 'fast-check';
import { decodeValue } from '../../../../src/formats/otlp/value/any-value.ts';
import { encodeAttributes } from '../../../../src/formats/otlp/value/attributes.ts';
import { splitAttributes } from '../../../../src/formats/otlp/value/labels.ts';

/** In the order of the bytes. */
function decodeAttributes(bytes: Uint8Array): readonly (readonly [string, unknown])[] {
  const { names, values } = splitAttributes(bytes);
  return names.map((name, at) => [name, typeof values[at] === 'string' ? values[at] : decodeValue(values[at] as Uint8Array)]);
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Written by hand from opentelemetry-proto's common.proto and protobuf's encoding page.
const wire: readonly [string, Attributes, string][] = [
  ['nothing', {}, ''],
  ['a string', { a: 'b' }, '3a08 0a0161 1203 0a0162'],
  ['the empty string', { a: '' }, '3a07 0a0161 1202 0a00'],
  ['true', { a: true }, '3a07 0a0161 1202 1001'],
  ['false', { a: false }, '3a07 0a0161 1202 1000'],
  ['an integer of two bytes', { a: 300 }, '3a08 0a0161 1203 18ac02'],
  ['minus one', { a: -1 }, '3a10 0a0161 120b 18ffffffffffffffffff01'],
  ['a double', { a: 1.5 }, '3a0e 0a0161 1209 21000000000000f83f'],
  ['an array', { a: ['x', 'y'] }, '3a11 0a0161 120c 2a0a 0a03 0a0178 0a03 0a0179'],
  ['an empty place in an array', { a: [null] }, '3a09 0a0161 1204 2a02 0a00'],
  [
    'keys by code unit, not by order',
    { b: '', B: '', a: '' },
    '3a07 0a0142 1202 0a00 3a07 0a0161 1202 0a00 3a07 0a0162 1202 0a00',
  ],
];
for (const [name, attributes, bytes] of wire) {
  test(`OTLP bytes of ${name}`, () => assert.equal(hex(encodeAttributes(attributes)), bytes.replaceAll(' ', '')));
}

const foreign: readonly [string, unknown][] = [
  ['a function', () => 1],
  ['undefined', undefined],
  ['null', null],
  ['an object', { b: 1 }],
  ['a symbol', Symbol('s')],
  ['an array of objects', [{}]],
];
for (const [name, value] of foreign) {
  test(`skips ${name}`, () => assert.deepEqual(decodeAttributes(encodeAttributes({ a: value, b: 1 } as Attributes)), [['b', 1]]));
}

test('a long value takes a length of two bytes', () => {
  assert.deepEqual(decodeAttributes(encodeAttributes({ a: 'ü'.repeat(3000) })), [['a', 'ü'.repeat(3000)]]);
});

test('strings of any length, ASCII and not, are UTF-8', () => {
  for (const length of [0, 1, 63, 64, 65, 127, 128, 129]) {
    const ascii = 'x'.repeat(length);
    for (const value of [ascii, `${ascii}é`, `é${ascii}`, `${ascii}\u{1f600}`]) {
      const bytes = encodeAttributes({ a: value });
      assert.ok(hex(bytes).endsWith(hex(Buffer.from(value))), value);
      assert.deepEqual(decodeAttributes(bytes), [['a', value]]);
    }
  }
  // What is no UTF-16 becomes the replacement character, as the Encoding Standard has it.
  assert.deepEqual(decodeAttributes(encodeAttributes({ a: 'x\ud800' })), [['a', 'x\ufffd']]);
});

const text = fc.string({ unit: 'grapheme' });
const number = fc.oneof(fc.double(), fc.maxSafeInteger()).map((value) => (value === 0 ? 0 : value));
const value = fc.oneof(text, number, fc.boolean(), fc.array(text), fc.array(number), fc.array(fc.boolean()));
const attributes = fc.dictionary(text, value, { noNullPrototype: true });

test('what is encoded is decoded, keys ascending', () => {
  fc.assert(
    fc.property(attributes, (set) => {
      const names = Object.keys(set).sort((a, b) => (a < b ? -1 : 1));
      const expected = names.map((name) => [name, set[name]]);
      assert.deepEqual(decodeAttributes(encodeAttributes(set)), expected);
    }),
  );
});

test('equal sets have equal bytes, whatever their order', () => {
  fc.assert(
    fc.property(attributes, (set) => {
      const reversed = Object.fromEntries(Object.entries(set).reverse());
      assert.equal(hex(encodeAttributes(reversed)), hex(encodeAttributes(set)));
    }),
  );
});

test('unknown fields are skipped, broken bytes are a RangeError', () => {
  assert.deepEqual(decodeAttributes(Buffer.from('0801' + '3a080a016112030a0162' + '1d00000000', 'hex')), [['a', 'b']]);
  for (const bytes of ['3a', '3a05', '3a080a01', 'ffffffffffffffffffffff', '0b']) {
    assert.throws(() => decodeAttributes(Buffer.from(bytes, 'hex')), RangeError, bytes);
  }
});
