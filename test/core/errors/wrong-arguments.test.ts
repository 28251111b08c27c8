/**
 * What the public functions make of wrong arguments: a MeterbridgeError with place, value, rule and fix, and no TypeError of
 * ours.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastify } from 'fastify';
import fastify4 from 'fastify-4';
import { guarded, logged, open } from '../../../src/access.ts';
import { serve } from '../../../src/collector.ts';
import { fastifyGuard, fastifyMetrics, fastifyRequestLog } from '../../../src/fastify.ts';
import { httpServerMetrics } from '../../../src/http-metrics.ts';
import {
  capped,
  contract,
  counter,
  fetchHandler,
  gauge,
  histogram,
  identity,
  info,
  MeterbridgeError,
  meterbridge,
  nodeListener,
  oneOf,
  summary,
  upDownCounter,
} from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { runtimeMetrics } from '../../../src/runtime-metrics.ts';
import { testBridge } from '../../../src/testing.ts';

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
type Untyped = (...args: any[]) => unknown;

const good = contract('good', { runs: counter({ help: 'Runs.' }) });
const quiet = { isolated: true, env: {}, log: () => {} };
const wrongObjects = [null, 5, 'text', [], true];

const calls: Readonly<Record<string, readonly [Untyped, readonly (readonly unknown[])[]]>> = {
  counter: [counter as Untyped, [[], ...wrongObjects.map((one) => [one])]],
  gauge: [gauge as Untyped, [[], [5]]],
  histogram: [histogram as Untyped, [[], [5], [{ help: 'Sizes.', unit: 'By' }], [{ help: 'Sizes.' }]]],
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
  meterbridge: [
    meterbridge as Untyped,
    [
      [],
      [{}],
      [null],
      [5],
      ...wrongObjects.map((one) => [good, one]),
      ...[
        { log: 'stdout' },
        { clock: 5 },
        { env: 'x' },
        { selfMetrics: 'yes' },
        { scrape: { onStale: 'fial' } },
        { scrape: 5 },
      ].map((one) => [good, { ...quiet, ...one }]),
    ],
  ],
  testBridge: [testBridge as Untyped, [[], [{}], [good, 5]]],
  fastifyMetrics: [
    fastifyMetrics as Untyped,
    [
      [],
      [null],
      [5],
      [{}],
      [good],
      [() => {}, 5],
      [() => {}, { path: 'metrics' }],
      [() => {}, { access: open() }],
      [() => {}, { onRefused: 'log' }],
      [() => {}, { http: 'yes' }],
    ],
  ],
  fastifyRequestLog: [fastifyRequestLog as Untyped, [[5], [{ write: 'stdout' }], [{ verbos: true }]]],
  fastifyGuard: [fastifyGuard as Untyped, [[], [open()], [{ gate: open() }]]],
  guarded: [guarded as Untyped, [[], [{}], [() => {}], [() => {}, open()]]],
  logged: [logged as Untyped, [[], [{}], [() => {}, 5]]],
  nodeListener: [nodeListener as Untyped, [[], [null], ['x'], [testBridge(good).bridge], [() => {}, {}]]],
  fetchHandler: [fetchHandler as Untyped, [[], [null], [testBridge(good).bridge]]],
  httpServerMetrics: [
    httpServerMetrics as Untyped,
    [
      [],
      [good],
      ...[
        5,
        { skip: '/health' },
        { skip: ['health'] },
        { skip: [5] },
        { healthChecks: 'no' },
        { names: 'fastify' },
        { labels: {} },
        { labels: 5, values: () => {} },
      ].map((options) => [testBridge(good).bridge, options]),
    ],
  ],
  runtimeMetrics: [
    runtimeMetrics as Untyped,
    [[], [good], [testBridge(good).bridge, 5], [testBridge(good).bridge, { names: 'promclient' }]],
  ],
  fromPromClient: [
    fromPromClient as Untyped,
    [[], [testBridge(good).bridge], [testBridge(good).bridge, { getMetricsAsJSON() {} }, 5]],
  ],
  serve: [
    serve as Untyped,
    [
      [],
      [5],
      [{}],
      [{ config: 5 }],
      [{ config: [5] }],
      ...[
        { set: 'a=b' },
        { limits: { maxSerie: 1 } },
        { limits: { allowedHosts: ['http://x'] } },
        { limits: 5 },
        { metricsOnly: 'yes' },
        { stdout: 'x' },
      ].map((options) => [{ config: 'yaml:', ...options }]),
    ],
  ],
  'bridge.observe': [
    testBridge(good).bridge.observe as Untyped,
    [[], [{}], [[], 5], [[], () => {}, 5], [[], () => {}, { atMostEvery: 5 }], [[], () => {}, { atMostEveryMs: '5' }]],
  ],
  'bridge.register': [testBridge(good).bridge.register as Untyped, [[], [{}]]],
  'bridge.listen': [
    testBridge(good).bridge.listen as Untyped,
    [
      [],
      [9464],
      [null],
      [{}],
      ['127.0.0.1:0', 5],
      ...[
        { path: 'metrics' },
        { path: ['metrics'] },
        { access: open() },
        { public: 'yes' },
        { webConfig: {} },
        { requestLog: { write: 5 } },
        { onRefused: 5 },
      ].map((options) => ['127.0.0.1:0', options]),
    ],
  ],
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
  ['ignore', () => (httpServerMetrics as Untyped)(testBridge(good).bridge, { skipp: [] }), 'skip'],
  ['threads', () => (testBridge(good).bridge.listen as Untyped)('127.0.0.1:0', { threads: true }), 'thread'],
];

for (const [what, call, fix] of misspelt) {
  test(`a misspelt key names the nearest: ${what}`, async () => {
    const error = await refused(call, what);
    assert.equal(error.problems[0]?.fix, `write ${fix}, the nearest key`);
  });
}

test('what takes a handler says what to pass in place of a bridge', async () => {
  for (const call of [nodeListener, fetchHandler, logged] as readonly Untyped[]) {
    const error = await refused(() => call(testBridge(good).bridge), call.name);
    assert.deepEqual([error.problems[0]?.got, error.problems[0]?.fix], ['a bridge', 'pass bridge.scrape']);
  }
});

for (const [name, create] of [
  ['Fastify 5', fastify],
  ['Fastify 4', fastify4 as unknown as typeof fastify],
] as const) {
  test(`${name}: a plugin's maker that is registered uncalled fails the start of the app`, async () => {
    for (const maker of [fastifyMetrics, fastifyRequestLog]) {
      const app = create();
      app.register(maker as never);
      const error = await refused(() => app.ready(), maker.name, /avvio/);
      assert.match(
        error.message,
        new RegExp(`^${maker.name}\\(\\): got a Fastify app; .* Fix: write app\\.register\\(${maker.name}\\(`),
      );
    }
  });
}

/** The stack begins where `caller` says: in this file, unless somebody else has called. */
async function refused(call: () => unknown, what: string, caller = /wrong-arguments\.test\.ts/): Promise<MeterbridgeError> {
  let thrown: unknown;
  try {
    await call();
  } catch (error) {
    thrown = error;
  }
  assert.ok(MeterbridgeError.is(thrown), `${what}: ${thrown}`);
  assert.match(/^ {4}at .*$/m.exec(thrown.stack ?? '')?.[0] ?? '', caller, what);
  for (const { at, got, rule, fix } of thrown.problems) assert.ok([at, got, rule, fix].every((one) => one !== ''));
  return thrown;
}
