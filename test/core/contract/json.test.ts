import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contract, counter, difference, fromJson, oneOf, toJson } from '../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import { arbitraryContract } from './arbitrary-contract.ts';

const help = 'Something.';

function problems(value: unknown): readonly string[] {
  try {
    fromJson(value, 'file.json');
    return [];
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError, String(error));
    return error.problems.map((problem) => problem.at);
  }
}

test('numbers and booleans of a closed set are their strings, as in TypeScript', () => {
  const labels = { code: { kind: 'closed', values: [200, 404] }, cached: { kind: 'closed', values: [true, false] } };
  const read = fromJson({ name: 'x', metrics: { replies: { kind: 'counter', help: 'Replies.', labels } } });
  const written = contract('x', {
    replies: counter({ help: 'Replies.', labels: { code: oneOf(200, 404), cached: oneOf(true, false) } }),
  });
  assert.deepEqual(toJson(read), toJson(written));
  assert.deepEqual(
    Object.values(read.metrics.replies?.labels ?? {}).map((label) => label.kind === 'closed' && label.values),
    [
      ['200', '404'],
      ['true', 'false'],
    ],
  );
});

test('property: a contract survives JSON', () => {
  fc.assert(
    fc.property(arbitraryContract, (made) => {
      const read = fromJson(JSON.parse(JSON.stringify(toJson(made))));
      assert.equal(difference(made, read), undefined);
      assert.deepEqual(toJson(read), toJson(made));
    }),
    { numRuns: 60 },
  );
});

test('property: whatever the JSON, there is a contract or a MeterbridgeError', () => {
  const key = fc.constantFrom(
    'name',
    'metrics',
    'kind',
    'labels',
    'help',
    'bounds',
    'a',
    '__proto__',
    'accepts',
    'values',
    'series',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, -1, '', 'a', 'closed', 'gauge', 'counter'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => void problems(value)),
    { numRuns: 300 },
  );
});

test('a metric needs only kind and help, the rest is as declared', () => {
  const labels = { status: { kind: 'closed', values: ['success', 'failed'] } };
  const read = fromJson({ name: 'runwisp', metrics: { runs: { kind: 'counter', unit: '{run}', help, labels } } });
  const declared = contract('runwisp', {
    runs: counter({ unit: '{run}', help, labels: { status: oneOf('success', 'failed') } }),
  });
  assert.equal(difference(read, declared), undefined);
});

test('null is an age without limit', () => {
  assert.equal(fromJson({ name: 'x', maxAgeMs: null, metrics: {} }).maxAgeMs, Number.POSITIVE_INFINITY);
});

// What only foreign endpoints have
const foreign: readonly (readonly [string, object])[] = [
  ['unknown', { kind: 'unknown', series: 'f_a', help }],
  ['unknown with a unit', { kind: 'unknown', series: 'f_a', unit: 's', help }],
  ['summary with quantiles', { kind: 'summary', series: 'f_a_seconds', help, quantiles: [0.5, 0.9, 0.99] }],
  ['stateset', { kind: 'stateset', series: 'f_a', help, labels: { f_a: { kind: 'closed', values: ['on', 'off'] } } }],
  ['gaugehistogram', { kind: 'gaugehistogram', series: 'f_a', help, bounds: [1, 2] }],
  ['counter without _total', { kind: 'counter', series: 'f_a', help }],
  ['a name that no instrument brings out', { kind: 'gauge', series: 'f__a', help }],
  ['a recording rule', { kind: 'gauge', series: 'job:f:sum', help }],
];
for (const [what, metric] of foreign) {
  test(`a file may hold: ${what}`, () => {
    const read = fromJson({ name: 'f', metrics: { a: metric } });
    assert.partialDeepStrictEqual(toJson(read).metrics.a, metric);
    assert.equal(difference(read, fromJson(toJson(read))), undefined);
  });
}

const wrong: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['no object', [], ['file.json', 'file.json.name', 'file.json.metrics']],
  ['nothing', {}, ['file.json.name', 'file.json.metrics']],
  ['an unknown key', { name: 'x', metrics: {}, metric: {} }, ['file.json.metric']],
  [
    'an unknown key of a metric',
    { name: 'x', metrics: { a: { kind: 'gauge', help, units: 's' } } },
    ['file.json.metrics.a.units'],
  ],
  ['an unknown kind', { name: 'x', metrics: { a: { kind: 'meter', help } } }, ['file.json.metrics.a.kind']],
  ['no kind, no help', { name: 'x', metrics: { a: {} } }, ['file.json.metrics.a.kind', 'file.json.metrics.a.help']],
  [
    'a limit of a closed label',
    { name: 'x', metrics: { a: { kind: 'gauge', help, labels: { s: { kind: 'closed', values: ['a'], limit: 1 } } } } },
    ['file.json.metrics.a.labels.s.limit'],
  ],
  [
    'a bound that is text',
    { name: 'x', metrics: { a: { kind: 'histogram', help, bounds: ['1'] } } },
    ['file.json.metrics.a.bounds'],
  ],
  [
    'exemplars that are no flag, and of a gauge',
    { name: 'x', metrics: { a: { kind: 'counter', help, exemplars: 'trace' }, b: { kind: 'gauge', help, exemplars: true } } },
    ['file.json.metrics.a.exemplars', 'file.json.metrics.b.exemplars'],
  ],
  [
    'an unknown start that is no flag, and of what is recorded',
    { name: 'x', metrics: { a: { kind: 'counter', help, unknownStart: 1 }, b: { kind: 'counter', help, unknownStart: true } } },
    ['file.json.metrics.a.unknownStart', 'file.json.metrics.b.unknownStart'],
  ],
  [
    'exponential true',
    { name: 'x', metrics: { a: { kind: 'histogram', help, exponential: true } } },
    ['file.json.metrics.a.exponential'],
  ],
  [
    'an unknown key of exponential',
    { name: 'x', metrics: { a: { kind: 'histogram', help, exponential: { maxsize: 2 } } } },
    ['file.json.metrics.a.exponential.maxsize'],
  ],
  [
    'exponential and more, wrong',
    { name: 'x', metrics: { a: { kind: 'gauge', help, exponential: { maxSize: 1 }, minMax: true } } },
    ['file.json.metrics.a.exponential', 'file.json.metrics.a.exponential.maxSize', 'file.json.metrics.a.minMax'],
  ],
  [
    'quantiles above 1',
    { name: 'x', metrics: { a: { kind: 'summary', help, quantiles: [2] } } },
    ['file.json.metrics.a.quantiles[0]'],
  ],
  [
    'quantiles of a gauge',
    { name: 'x', metrics: { a: { kind: 'gauge', help, quantiles: [0.5] } } },
    ['file.json.metrics.a.quantiles'],
  ],
  [
    'a unit that brings out another name',
    { name: 'x', metrics: { a: { kind: 'gauge', help, series: 'x_a_seconds', unit: 'ms' } } },
    ['file.json.metrics.a.unit'],
  ],
  [
    'a lone surrogate, which JSON can say',
    JSON.parse(
      `{"name": "x", "metrics": {"a": {"kind": "gauge", "help": "A \\ud800.", "labels": {"s": {"kind": "closed", "values": ["\\udc00"]}}}}}`,
    ),
    ['file.json.metrics.a.help', 'file.json.metrics.a.labels.s'],
  ],
  [
    'several things at once, rules of contracts included',
    { name: 'x', zone: 1, metrics: { a: { kind: 'gauge', help: 3 }, b: { kind: 'histogram', help }, c: { kind: 'info', help } } },
    ['file.json.zone', 'file.json.metrics.a.help', 'file.json.metrics.b.bounds', 'file.json.metrics.c.labels'],
  ],
];
for (const [what, value, expected] of wrong) {
  test(`${what}: ${expected.join(', ')}`, () => assert.deepEqual(problems(value), expected));
}

test('lists nested without end are refused like others', () => {
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  assert.deepEqual(problems({ name: 'x', metrics: deep }), ['file.json.metrics']);
});
