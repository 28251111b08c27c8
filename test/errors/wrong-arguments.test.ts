/** What the public functions make of wrong arguments: a MeterbridgeError with place, value, rule and fix, and no TypeError of ours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastifyMetrics } from '../../src/fastify.ts';
import {
  capped,
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  MeterbridgeError,
  meterbridge,
  oneOf,
  summary,
  upDownCounter,
} from '../../src/index.ts';
import { testBridge } from '../../src/testing.ts';

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
type Untyped = (...args: any[]) => unknown;

const good = contract('good', { runs: counter({ help: 'Runs.' }) });
const quiet = { isolated: true, env: {}, log: () => {} };
const wrongObjects = [null, 5, 'text', [], true];

const calls: Readonly<Record<string, readonly [Untyped, readonly (readonly unknown[])[]]>> = {
  counter: [counter as Untyped, [[], ...wrongObjects.map((one) => [one])]],
  gauge: [gauge as Untyped, [[], [5]]],
  histogram: [histogram as Untyped, [[], [5]]],
  info: [info as Untyped, [[], [5]]],
  summary: [summary as Untyped, [[], [5]]],
  upDownCounter: [upDownCounter as Untyped, [[], [5]]],
  capped: [capped as Untyped, wrongObjects.map((one) => [one])],
  identity: [identity as Untyped, wrongObjects.map((one) => [one])],
  contract: [
    contract as Untyped,
    [
      [],
      ['a'],
      ['a', 5],
      ['a', { runs: 5 }],
      ['a', { runs: null }],
      ['a', {}, 5],
      [5, {}],
      ['a', { runs: counter({ help: 'R.', labels: { s: (oneOf as Untyped)() } as never }) }],
    ],
  ],
  meterbridge: [meterbridge as Untyped, [[], [{}], [null], [5], ...wrongObjects.map((one) => [good, one])]],
  testBridge: [testBridge as Untyped, [[], [{}], [good, 5]]],
  fastifyMetrics: [fastifyMetrics as Untyped, [[() => {}, 5]]],
  'bridge.register': [testBridge(good).bridge.register as Untyped, [[], [{}]]],
  'bridge.listen': [testBridge(good).bridge.listen as Untyped, [[], [9464], [null], [{}], ['127.0.0.1:0', 5]]],
};

for (const [name, [call, all]] of Object.entries(calls)) {
  test(`${name} and wrong arguments`, async () => {
    for (const args of all) await refused(() => call(...args), JSON.stringify(args));
  });
}

const misspelt: readonly [what: string, call: () => unknown, fix: string][] = [
  ['pushh', () => (meterbridge as Untyped)(good, { ...quiet, pushh: {} }), 'push'],
  ['scrape.maxByte', () => (meterbridge as Untyped)(good, { ...quiet, scrape: { maxByte: 1 } }), 'maxBytes'],
  ['push.endpont', () => (meterbridge as Untyped)(good, { ...quiet, push: { endpont: '' } }), 'endpoint'],
  ['labelz', () => (counter as Untyped)({ help: 'A.', labelz: {} }), 'labels'],
  ['limitt', () => (capped as Untyped)({ limitt: 1 }), 'limit'],
  ['maxByte', () => (identity as Untyped)({ maxByte: 32 }), 'maxBytes'],
  ['maxAge', () => (contract as Untyped)('a', {}, { maxAgeM: 1 }), 'maxAgeMs'],
  ['pathh', () => (fastifyMetrics as Untyped)(() => {}, { pathh: '/' }), 'path'],
  ['selfMetric', () => (testBridge as Untyped)(good, { selfMetric: true }), 'selfMetrics'],
  ['threads', () => (testBridge(good).bridge.listen as Untyped)('127.0.0.1:0', { threads: true }), 'thread'],
];

for (const [what, call, fix] of misspelt) {
  test(`a misspelt key names the nearest: ${what}`, async () => {
    const error = await refused(call, what);
    assert.equal(error.problems[0]?.fix, `write ${fix}, the nearest key`);
  });
}

async function refused(call: () => unknown, what: string): Promise<MeterbridgeError> {
  let thrown: unknown;
  try {
    await call();
  } catch (error) {
    thrown = error;
  }
  assert.ok(MeterbridgeError.is(thrown), `${what}: ${thrown}`);
  for (const { at, got, rule, fix } of thrown.problems) assert.ok([at, got, rule, fix].every((one) => one !== ''));
  return thrown;
}
