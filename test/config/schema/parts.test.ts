/** Addresses, ids, durations and near names, one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, durationText } from '../../../src/config/duration.ts';
import { addressText, parseAddress } from '../../../src/config/schema/address.ts';
import { parseComponentId } from '../../../src/config/schema/index.ts';
import { nearest } from '../../../src/config/schema/nearest.ts';

// Go's net.SplitHostPort, with a port in digits.
for (const [text, host, port] of [
  ['localhost:4318', 'localhost', 4_318],
  [':0', '', 0],
  ['[::1]:65535', '::1', 65_535],
  ['0.0.0.0:1', '0.0.0.0', 1],
] as const) {
  test(`the address ${text}`, () => {
    const read = parseAddress(text);
    assert.deepEqual(read, { host, port });
    assert.equal(addressText({ host, port }), text);
  });
}

for (const text of [
  '',
  'localhost',
  'localhost:',
  'localhost:http',
  'localhost:65536',
  '::1:4318',
  'http://localhost:4318',
  'a b:1',
  '[::1]4318',
]) {
  test(`no address: ${JSON.stringify(text)}`, () => assert.equal(parseAddress(text), undefined));
}

// Go's time.Duration.String.
for (const [ms, text] of [
  [0, '0s'],
  [1e-6, '1ns'],
  [0.0015, '1.5µs'],
  [250, '250ms'],
  [1_500, '1.5s'],
  [300_000, '5m0s'],
  [3_661_500, '1h1m1.5s'],
] as const) {
  test(`the duration ${text} is written as Go writes it, and read back`, () => {
    assert.equal(durationText(ms), text);
    assert.equal(durationMs(text), ms);
  });
}

// component.ID and component.Type of the Collector.
for (const [text, type, name] of [
  ['otlp', 'otlp', ''],
  ['otlp/2', 'otlp', '2'],
  [' otlp / a/b ', 'otlp', 'a/b'],
  ['2fast', undefined, ''],
  ['otlp/', undefined, ''],
  ['', undefined, ''],
  ['a-b', undefined, ''],
] as const) {
  test(`the component id ${JSON.stringify(text)}`, () => {
    const read = parseComponentId(text);
    assert.deepEqual(read && [read.type, read.name], type && [type, name]);
  });
}

for (const [name, near] of [
  ['endpont', 'endpoint'],
  ['Endpoint', 'endpoint'],
  ['endpiont', 'endpoint'],
  ['timeout', undefined],
  ['x'.repeat(65), undefined],
] as const) {
  test(`near to ${name.slice(0, 10)} is ${near}`, () => assert.equal(nearest(name, ['endpoint', 'tls', 'x'.repeat(64)]), near));
}
