import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { lintIds, toJson } from '../../../src/core/contract/index.ts';
import { acrossChoices } from '../../../src/core/contract/metric.ts';
import { kinds } from '../../../src/core/naming/index.ts';
import { arbitraryContract } from './arbitrary-contract.ts';

const schema = JSON.parse(readFileSync(new URL('../../../src/core/contract/contract.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
const help = 'Something.';

test('property: every contract written as JSON is valid', () => {
  fc.assert(
    fc.property(arbitraryContract, (made) => {
      assert.ok(valid(JSON.parse(JSON.stringify(toJson(made)))), JSON.stringify(valid.errors));
    }),
    { numRuns: 60 },
  );
});

test('the schema knows all kinds', () => assert.deepEqual(schema.$defs.metric.properties.kind.enum, kinds));
test('the schema knows all findings', () => {
  assert.deepEqual(schema.properties.accepts.additionalProperties.items.enum, lintIds);
});

test('the schema knows all ways across processes', () => {
  assert.deepEqual(schema.$defs.metric.properties.across.enum, acrossChoices);
});

const a = { kind: 'gauge', help };
const cases: readonly (readonly [string, unknown, boolean])[] = [
  ['an empty contract', { name: 'x', metrics: {} }, true],
  ['kind and help', { name: 'x', metrics: { a } }, true],
  ['its own schema named', { $schema: './contract.schema.json', name: 'x', metrics: { a } }, true],
  ['counters in text', { name: 'x', metrics: { a: { kind: 'summary', help, counters: { sum: 'S.', count: 'C.' } } } }, true],
  ['one counter in text', { name: 'x', metrics: { a: { kind: 'summary', help, counters: { sum: 'S.' } } } }, false],
  ['a constant label', { name: 'x', constantLabels: { host: 'a' }, metrics: { a } }, true],
  ['an empty constant label', { name: 'x', constantLabels: { host: '' }, metrics: { a } }, false],
  ['a parameter', { name: 'x', constantLabels: { host: { kind: 'parameter' } }, metrics: { a } }, true],
  [
    'a parameter of a metric, with its value',
    { name: 'x', metrics: { a: { ...a, constantLabels: { host: { kind: 'parameter', value: 'a' } } } } },
    true,
  ],
  [
    'a parameter with another key',
    { name: 'x', constantLabels: { host: { kind: 'parameter', default: 'a' } }, metrics: { a } },
    false,
  ],
  ['quantiles', { name: 'x', metrics: { a: { kind: 'summary', help, quantiles: [0.5] } } }, true],
  ['exemplars', { name: 'x', metrics: { a: { kind: 'counter', help, exemplars: true } } }, true],
  ['an unknown start', { name: 'x', metrics: { a: { kind: 'counter', help, observed: true, unknownStart: true } } }, true],
  ['an unknown start that is no flag', { name: 'x', metrics: { a: { kind: 'counter', help, unknownStart: 'yes' } } }, false],
  ['a way across processes', { name: 'x', metrics: { a: { ...a, across: 'average' } } }, true],
  ['a way across processes that does not exist', { name: 'x', metrics: { a: { ...a, across: 'mean' } } }, false],
  ['exemplars that are no flag', { name: 'x', metrics: { a: { kind: 'counter', help, exemplars: 'trace' } } }, false],
  ['exponential buckets', { name: 'x', metrics: { a: { kind: 'histogram', help, exponential: {}, minMax: true } } }, true],
  ['1,025 buckets', { name: 'x', metrics: { a: { kind: 'histogram', help, exponential: { maxSize: 1_025 } } } }, false],
  ['scale 21', { name: 'x', metrics: { a: { kind: 'histogram', help, exponential: { maxScale: 21 } } } }, false],
  ['no name', { metrics: {} }, false],
  ['an unknown key', { name: 'x', metrics: {}, metric: {} }, false],
  ['an unknown key of a metric', { name: 'x', metrics: { a: { ...a, units: 's' } } }, false],
  ['an unknown kind', { name: 'x', metrics: { a: { kind: 'meter', help } } }, false],
  ['empty help', { name: 'x', metrics: { a: { kind: 'gauge', help: ' ' } } }, false],
  ['label le', { name: 'x', metrics: { a: { ...a, labels: { le: { kind: 'capped' } } } } }, false],
  ['label __x', { name: 'x', metrics: { a: { ...a, labels: { __x: { kind: 'capped' } } } } }, false],
  ['a closed label without values', { name: 'x', metrics: { a: { ...a, labels: { s: { kind: 'closed' } } } } }, false],
  ['an empty closed set', { name: 'x', metrics: { a: { ...a, labels: { s: { kind: 'closed', values: [] } } } } }, false],
  [
    'a closed set with doubles',
    { name: 'x', metrics: { a: { ...a, labels: { s: { kind: 'closed', values: ['a', 'a'] } } } } },
    false,
  ],
  ['limit 0', { name: 'x', metrics: { a: { ...a, labels: { s: { kind: 'identity', limit: 0 } } } } }, false],
];
for (const [what, value, expected] of cases) {
  test(`${what}: ${expected ? 'valid' : 'invalid'}`, () => assert.equal(valid(value), expected, JSON.stringify(valid.errors)));
}
