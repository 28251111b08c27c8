import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capped,
  contract,
  counter,
  difference,
  fromJson,
  gauge,
  histogram,
  identity,
  oneOf,
  parameter,
  toJson,
} from '../../../src/core/contract/index.ts';

const help = 'Runs.';
const base = { runs: counter({ help, labels: { status: oneOf('a', 'b'), task: identity() } }), size: gauge({ help: 'Size.' }) };

function like() {
  return contract('x', base);
}

test('contracts of the same declarations are equal', () => assert.equal(difference(like(), like()), undefined));

const others: readonly (readonly [string, Parameters<typeof contract>, string])[] = [
  ['a name', ['y', base], 'x.name: "x" here, "y" there'],
  ['a default format', ['x', base, { defaultFormat: 'openmetrics' }], 'x.defaultFormat: "text" here, "openmetrics" there'],
  ['an age', ['x', base, { maxAgeMs: 1 }], 'x.maxAgeMs: 60000 here, 1 there'],
  ['a help text', ['x', { ...base, size: gauge({ help: 'Other.' }) }], 'x.metrics.size.help: "Size." here, "Other." there'],
  [
    'a kind',
    ['x', { ...base, size: histogram({ help: 'Size.', bounds: [1] }) }],
    'x.metrics.size.kind: "gauge" here, "histogram" there',
  ],
  [
    'an observed one',
    ['x', { ...base, size: gauge({ help: 'Size.', observed: true }) }],
    'x.metrics.size.observed: false here, true there',
  ],
  [
    'a closed value',
    ['x', { ...base, runs: counter({ help, labels: { status: oneOf('a', 'c'), task: identity() } }) }],
    'x.metrics.runs.labels.status.values[1]: "b" here, "c" there',
  ],
  [
    'a limit',
    ['x', { ...base, runs: counter({ help, labels: { status: oneOf('a', 'b'), task: identity({ limit: 5 }) } }) }],
    'x.metrics.runs.labels.task.limit: 1000 here, 5 there',
  ],
  [
    'a kind of label',
    ['x', { ...base, runs: counter({ help, labels: { status: oneOf('a', 'b'), task: capped() } }) }],
    'x.metrics.runs.labels.task.kind: "identity" here, "capped" there',
  ],
  [
    'the order of labels',
    ['x', { ...base, runs: counter({ help, labels: { task: identity(), status: oneOf('a', 'b') } }) }],
    'x.metrics.runs.labels: in the order status, task here, task, status there',
  ],
  [
    'the order of metrics',
    ['x', { size: base.size, runs: base.runs }],
    'x.metrics: in the order runs, size here, size, runs there',
  ],
  [
    'exemplars',
    ['x', { ...base, runs: counter({ help, labels: { status: oneOf('a', 'b'), task: identity() }, exemplars: true }) }],
    'x.metrics.runs.exemplars: false here, true there',
  ],
  [
    'a deprecation',
    ['x', { ...base, size: gauge({ help: 'Size.', deprecated: 'Use runs.' }) }],
    'x.metrics.size.deprecated: nothing here, "Use runs." there',
  ],
];
for (const [what, args, expected] of others) {
  test(`${what} differs`, () => {
    const found = difference(like(), contract(...args));
    assert.equal(found, expected);
  });
}

test('a missing metric is named', () => {
  assert.match(difference(like(), contract('x', { runs: base.runs })) ?? '', /^x\.metrics\.size: .+ here, nothing there$/);
});

test('the order in which things are accepted does not count', () => {
  const metrics = { aTotal: gauge({ help }), bTotal: gauge({ help }) };
  const one = contract('x', metrics, { accepts: { x_a_total: ['total-suffix'], x_b_total: ['total-suffix'] } });
  const two = contract('x', metrics, { accepts: { x_b_total: ['total-suffix'], x_a_total: ['total-suffix'] } });
  assert.equal(difference(one, two), undefined);
});

test('what an exponential histogram begins with, and min and max, are part of it', () => {
  const wait = (more: object) => contract('x', { wait: histogram({ help, exponential: {}, ...more }) });
  assert.equal(difference(wait({}), wait({ exponential: { maxSize: 160, maxScale: 20 }, minMax: false })), undefined);
  assert.equal(
    difference(wait({}), wait({ exponential: { maxScale: 3 } })),
    'x.metrics.wait.exponential.maxScale: 20 here, 3 there',
  );
  assert.equal(difference(wait({}), wait({ minMax: true })), 'x.metrics.wait.minMax: false here, true there');
});

test('an unknown start makes a difference', () => {
  const read = (more: object) => contract('x', { read: counter({ help, observed: true, ...more }) });
  assert.equal(difference(read({}), read({ unknownStart: false })), undefined);
  assert.equal(difference(read({}), read({ unknownStart: true })), 'x.metrics.read.unknownStart: false here, true there');
});

test('how a gauge combines across processes is part of it', () => {
  const open = (more: object) => contract('x', { open: gauge({ help, ...more }) });
  assert.equal(difference(open({}), open({ across: 'sum' })), undefined);
  assert.equal(difference(open({}), open({ across: 'max' })), 'x.metrics.open.across: "sum" here, "max" there');
});

test('two programs that decide otherwise differ, and what JSON says is equal to both', () => {
  const of = (host?: string) => contract('x', base, { constantLabels: { host: parameter(host) } });
  assert.equal(difference(of('a'), of('a')), undefined);
  assert.equal(difference(of('a'), of('b')), 'x.metrics.runs.constantLabels.host: "a" here, "b" there');
  assert.equal(difference(of('a'), fromJson(toJson(of('b')))), undefined);
  assert.equal(difference(of(), contract('x', base))?.startsWith('x.metrics.runs.constantLabels.host'), true);
  assert.doesNotMatch(JSON.stringify(toJson(of('secret'))), /secret/);
});
