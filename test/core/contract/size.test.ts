/** How large a contract may be. What is too large is told at declaration, by one problem. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contract,
  counter,
  type Declarations,
  fromJson,
  gauge,
  histogram,
  identity,
  oneOf,
  summary,
} from '../../../src/core/contract/index.ts';
import { MeterbridgeError, type Problem } from '../../../src/core/errors/error.ts';
import { testBridge } from '../../../src/testing.ts';

const help = 'Something.';
const set = (size: number) => oneOf(...Array.from({ length: size }, (_, at) => `v${at}`));

function problemsOf(declare: () => unknown): readonly Problem[] {
  try {
    declare();
    return [];
  } catch (error) {
    assert.ok(error instanceof MeterbridgeError, String(error));
    return error.problems;
  }
}

const problems = (metrics: Declarations) => problemsOf(() => contract('x', metrics));
const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`l${at}`, set(10)]));
const two = (size: number) => ({ a: set(size), b: set(size) });
const bounds = (size: number) => Array.from({ length: size }, (_, at) => at);

const refused: readonly (readonly [string, Declarations, string, string])[] = [
  [
    '20 labels of ten values',
    { m: counter({ help, labels: twenty }) },
    'x.metrics.m.labels',
    '100000000000000000000 combinations of 1 lines',
  ],
  ['a million combinations', { m: gauge({ help, labels: two(1_000) }) }, 'x.metrics.m.labels', '1000000 combinations of 1 lines'],
  [
    'one more than there may be',
    { m: counter({ help, labels: { ...two(100), c: set(3) } }) },
    'x.metrics.m.labels',
    '30000 combinations of 1 lines',
  ],
  [
    'a histogram that is zero-filled',
    { m: histogram({ help, bounds: [1, 2], labels: two(70), zeroFilled: true }) },
    'x.metrics.m.labels',
    '4900 combinations of 5 lines',
  ],
  [
    'a summary that is zero-filled',
    { m: summary({ help, labels: two(101), zeroFilled: true }) },
    'x.metrics.m.labels',
    '10201 combinations of 2 lines',
  ],
  [
    'for each value of an identity',
    { m: counter({ help, labels: { ...two(150), i: identity() }, zeroFilled: true }) },
    'x.metrics.m.labels',
    '22500 combinations of 1 lines',
  ],
  [
    'several metrics together',
    { m: counter({ help, labels: two(120) }), n: counter({ help, labels: two(120) }) },
    'x.metrics',
    '28800 lines',
  ],
  [
    'a million bounds, all wrong',
    { m: histogram({ help, bounds: bounds(1_000_000).map(() => 1) }) },
    'x.metrics.m.bounds',
    '1000000 bounds',
  ],
  ['1,001 bounds', { m: histogram({ help, bounds: bounds(1_001) }) }, 'x.metrics.m.bounds', '1001 bounds'],
  ['10,001 values', { m: histogram({ help, bounds: [1], labels: { a: set(10_001) } }) }, 'x.metrics.m.labels.a', '10001 values'],
];
for (const [what, metrics, at, got] of refused) {
  test(`too large: ${what}`, () => {
    const found = problems(metrics);
    assert.deepEqual(
      found.map((problem) => [problem.at, problem.got]),
      [[at, got]],
    );
    assert.ok(found.every(({ rule, fix }) => /at most \d/.test(rule) && fix !== ''));
  });
}

const taken: readonly (readonly [string, Declarations])[] = [
  ['20,000 combinations', { m: counter({ help, labels: { a: set(200), b: set(100) } }) }],
  ['20 labels of ten values that are not zero-filled', { m: counter({ help, labels: twenty, zeroFilled: false }) }],
  ['1,000 bounds and 10,000 values', { m: histogram({ help, bounds: bounds(1_000), labels: { a: set(10_000) } }) }],
];
for (const [what, metrics] of taken) {
  test(`not too large: ${what}`, () => {
    assert.deepEqual(problems(metrics), []);
  });
}

test('from JSON: a million values or bounds, right or wrong, are one problem', () => {
  const json = (metric: object) => ({ name: 'x', metrics: { m: { help, ...metric } } });
  const million = Array.from({ length: 1_000_000 }, (_, at) => `${at}`);
  const closed = { kind: 'counter', labels: { a: { kind: 'closed', values: million } }, zeroFilled: false };
  assert.deepEqual(
    problemsOf(() => fromJson(json(closed))).map(({ at }) => at),
    ['contract.metrics.m.labels.a'],
  );
  const measured = { kind: 'histogram', bounds: million.map(() => 1) };
  assert.deepEqual(
    problemsOf(() => fromJson(json(measured))).map(({ at }) => at),
    ['contract.metrics.m.bounds'],
  );
});

test('the first scrape of as many combinations as there may be is answered', async () => {
  const labels = { first_label: set(200), second_label: set(100) };
  const { bridge } = testBridge(contract('x', { m: counter({ help, labels }) }));
  const query = new URLSearchParams();
  const { status } = await bridge.scrape({ method: 'GET', path: '/metrics', query, header: () => undefined, peer: '127.0.0.1' });
  assert.equal(status, 200);
});

test('150,000 wrong metrics are as many problems, and no RangeError', () => {
  const metrics = Object.fromEntries(
    Array.from({ length: 150_000 }, (_, at) => [`m${at}`, { kind: 'gauge', observed: true, help: '' }]),
  );
  assert.equal(problemsOf(() => fromJson({ name: 'x', metrics })).length, 150_000);
});
