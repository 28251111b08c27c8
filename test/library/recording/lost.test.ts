/** Every way in which a measurement is lost or changed: one log line, one count, and an error with `strict`; in both engines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, gauge, histogram, identity, oneOf, upDownCounter } from '../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from './scraped.ts';

const declared = contract('n', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'bad') } }),
  heat: gauge({ help: 'Heat.', labels: { task: identity({ limit: 1 }) } }),
  depth: upDownCounter({ help: 'Depth.', labels: { task: identity({ limit: 1 }) } }),
  hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 1, maxBytes: 32 }) } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1] }),
});

// biome-ignore lint/suspicious/noExplicitAny: what untyped code can do
type Untyped = Record<string, Record<string, any>>;

interface Case {
  readonly what: string;
  readonly call: (metrics: Untyped) => void;
  /** Of the log line. */
  readonly at: string;
  readonly got: string;
  /** The self-metric that counts it, without its prefix. */
  readonly counted: string;
}

const refusedAs = (metric: string, reason: string) => `measurements_refused_total{metric="${metric}",reason="${reason}"}`;
const runsRefused = (reason: string) => refusedAs('n_runs_total', reason);
const long = 'x'.repeat(100);

const cases: readonly Case[] = [
  {
    what: 'a negative add',
    call: (m) => m.runs?.add(-1, { status: 'ok' }),
    at: 'n_runs_total',
    got: '-1',
    counted: runsRefused('value'),
  },
  {
    what: 'NaN',
    call: (m) => m.runs?.add(Number.NaN, { status: 'ok' }),
    at: 'n_runs_total',
    got: 'NaN',
    counted: runsRefused('value'),
  },
  {
    what: 'a string as a value',
    call: (m) => m.runs?.add('1', { status: 'ok' }),
    at: 'n_runs_total',
    got: '"1"',
    counted: runsRefused('value'),
  },
  {
    what: 'an undefined value',
    call: (m) => m.heat?.set(undefined, { task: 'a' }),
    at: 'n_heat',
    got: 'nothing',
    counted: refusedAs('n_heat', 'value'),
  },
  {
    what: 'a missing label',
    call: (m) => m.runs?.add(1),
    at: 'n_runs_total{status}',
    got: 'nothing',
    counted: runsRefused('label_missing'),
  },
  {
    what: 'a label of a wrong type',
    call: (m) => m.runs?.add(1, { status: ['ok'] }),
    at: 'n_runs_total{status}',
    got: '["ok"]',
    counted: runsRefused('label_type'),
  },
  {
    what: 'a value outside the closed set',
    call: (m) => m.runs?.add(1, { status: 'okay\n' }),
    at: 'n_runs_total{status}',
    got: '"okay\\n"',
    counted: runsRefused('label_value'),
  },
  {
    what: 'a long value outside the closed set',
    call: (m) => m.runs?.add(1, { status: long }),
    at: 'n_runs_total{status}',
    got: `"${'x'.repeat(58)}…`,
    counted: runsRefused('label_value'),
  },
  {
    what: 'a gauge over its limit',
    call: (m) => {
      for (const task of ['a', 'b']) m.heat?.set(1, { task });
    },
    at: 'n_heat{task}',
    got: '"b"',
    counted: refusedAs('n_heat', 'identity_limit'),
  },
  {
    what: 'an up-down counter over its limit',
    call: (m) => {
      for (const task of ['a', 'b']) m.depth?.add(1, { task });
    },
    at: 'n_depth{task}',
    got: '"b"',
    counted: 'measurements_folded_total{reason="identity"}',
  },
  {
    what: 'a capped set over its limit',
    call: (m) => {
      for (const page of ['a', 'b']) m.hits?.add(1, { page });
    },
    at: 'n_hits_total{page}',
    got: '"b"',
    counted: 'measurements_folded_total{reason="capped"}',
  },
  {
    what: 'a long label',
    call: (m) => m.hits?.add(1, { page: long }),
    at: 'n_hits_total{page}',
    got: `"${'x'.repeat(58)}…`,
    counted: 'labels_shortened_total',
  },
  {
    what: 'an unknown label',
    call: (m) => m.runs?.add(1, { status: 'ok', user: 'eve' }),
    at: 'n_runs_total{user}',
    got: '"eve"',
    counted: 'attributes_dropped_total',
  },
  {
    what: 'a method of another kind',
    call: (m) => m.runs?.set(1, { status: 'ok' }),
    at: 'n_runs_total',
    got: 'nothing',
    counted: runsRefused('kind'),
  },
  {
    what: 'a bound series, NaN',
    call: (m) => m.runs?.bind({ status: 'ok' }).add(Number.NaN),
    at: 'n_runs_total',
    got: 'NaN',
    counted: runsRefused('value'),
  },
  {
    what: 'a bound capped set over its limit',
    call: (m) => {
      for (const page of ['a', 'b']) m.hits?.bind({ page }).add(1);
    },
    at: 'n_hits_total{page}',
    got: '"b"',
    counted: 'measurements_folded_total{reason="capped"}',
  },
  {
    what: 'a bound series that was removed',
    call(m) {
      const bound = m.runs?.bind({ status: 'ok' });
      bound?.add(1);
      m.runs?.remove();
      bound?.add(1);
    },
    at: 'n_runs_total',
    got: 'nothing',
    counted: runsRefused('removed'),
  },
  {
    what: 'remove() by an unknown label',
    call: (m) => m.runs?.remove({ user: 'eve' }),
    at: 'n_runs_total{user}',
    got: '"eve"',
    counted: runsRefused('label_value'),
  },
];

for (const engine of [undefined, sdkEngine()]) {
  const name = engine?.name ?? 'store';
  const open = (options: { strict?: boolean; env?: Record<string, string> } = {}) => {
    const opened = testBridge(declared, { selfMetrics: true, ...(engine === undefined ? {} : { engine }), ...options });
    return { ...opened, untyped: opened.metrics as unknown as Untyped };
  };

  for (const { what, call, at, got, counted } of cases) {
    test(`${name}: ${what} is one line and one count`, async () => {
      const { untyped, log, bridge } = open();
      call(untyped);
      const line = `meterbridge_${counted}`;
      assert.equal((await scrapedOf(bridge, line))[line], 1);
      assert.equal(log.length, 1);
      assert.ok(log[0]?.startsWith(`${at}: a `), log[0]);
      assert.ok(log[0]?.includes(`: got ${got}; `) && log[0].includes('. Fix: '), log[0]);
      call(untyped);
      assert.equal(log.length, 1, 'the second is only counted');
      await bridge.close();
    });

    test(`${name}, strict: ${what} throws at the call`, async () => {
      for (const given of [{ strict: true }, { env: { METERBRIDGE_STRICT: '1' } }]) {
        const { untyped, bridge } = open(given);
        assert.throws(
          () => call(untyped),
          (error) =>
            MeterbridgeError.is(error) &&
            error.code === 'MEASUREMENT_REFUSED' &&
            error.problems[0]?.at === at &&
            error.problems[0].got === got,
        );
        await bridge.close();
      }
    });
  }

  test(`${name}: a measurement after close is one line`, async () => {
    const { metrics, log, bridge } = open();
    const bound = metrics.time.bind();
    metrics.time.record(1);
    await bridge.close();
    for (let n = 0; n < 3; n++) metrics.time.record(1);
    bound.record(1);
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /^n_time_seconds: a measurement after close\(\) is lost/);
  });

  test(`${name}: what follows is counted at most once a minute, and at the end`, async () => {
    const { untyped, log, bridge, clock } = open();
    for (let n = 0; n < 1_235; n++) untyped.runs?.add(-1, { status: 'ok' });
    assert.equal(log.length, 1);
    clock.advance(60_000);
    await bridge.gather();
    untyped.runs?.add(-1, { status: 'ok' });
    assert.equal(log[1], 'n_runs_total: a measurement is rejected (value): 1,234 more since');
    untyped.runs?.add(-1, { status: 'ok' });
    assert.equal(log.length, 2);
    await bridge.close();
    assert.equal(log[2], 'n_runs_total: a measurement is rejected (value): 2 more since');
  });

  test(`${name}, strict: the OpenTelemetry API never throws, and good calls go on`, async () => {
    const { metrics, untyped, value, bridge, log } = open({ strict: true });
    bridge.meterProvider.getMeter('n').createCounter('n.runs').add(-1, { status: 'odd' });
    assert.equal(log.length, 1);
    assert.throws(() => untyped.runs?.add(1, { status: 'odd' }), MeterbridgeError);
    metrics.runs.add(2, { status: 'ok' });
    const end = metrics.time.startTimer();
    end();
    metrics.time.bind().record(1);
    assert.equal(await value('runs', { status: 'ok' }), 2);
    await bridge.close();
  });
}
