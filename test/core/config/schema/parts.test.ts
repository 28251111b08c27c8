/** Addresses, ids, durations and near names, one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, durationText } from '../../../../src/core/config/duration.ts';
import { addressText, parseAddress } from '../../../../src/core/config/schema/address.ts';
import { type Findings, parseComponentId, url } from '../../../../src/core/config/schema/index.ts';
import { problemText } from '../../../../src/core/errors/error.ts';
import { nearest } from '../../../../src/core/errors/nearest.ts';

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

for (const [text, problem] of [
  ['http://localhost:4318', undefined],
  ['HTTPS://[::1]/a', undefined],
  ['ftp://localhost', 'f:1:1 u: got "ftp://localhost"; it is an http or https URL. Fix: write http://localhost:4318.'],
  ['http//alice:secret@x', 'f:1:1 u: got [redacted]; it is an http or https URL. Fix: write http://localhost:4318.'],
] as const) {
  test(`the URL ${text}`, () => {
    const findings: Findings = { problems: [], warnings: [] };
    const read = url().read({ tree: { kind: 'scalar', at: 'f:1:1', value: text, text, alsoText: false }, keys: 'u' }, findings);
    assert.deepEqual(findings.problems.map(problemText), problem === undefined ? [] : [problem]);
    if (problem === undefined) assert.equal(read, text);
  });
}

test('a printed URL has no credentials, unless they are asked for', () => {
  assert.equal(url().print('http://alice:secret@x/a', false), 'http://[REDACTED]@x/a');
  assert.equal(url().print('http://alice:secret@x/a', true), 'http://alice:secret@x/a');
});
