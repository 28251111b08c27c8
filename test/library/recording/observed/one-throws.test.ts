/**
 * A callback that throws costs what it observes, and nothing of others behind the same instruments. What it observed before it
 * threw does not count, as in OpenTelemetry's SDK, which reads what a callback observed only once it has returned.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api';
import { capped, contract, counter, gauge, identity } from '../../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../../src/sdk.ts';
import { testBridge } from '../../../../src/testing.ts';
import { until } from '../../../until.ts';
import { scrapedOf } from '../scraped.ts';

const disk = identity({ limit: 10 });
const declared = contract('o', {
  used: gauge({ observed: true, help: 'Used.', labels: { disk } }),
  free: gauge({ observed: true, help: 'Free.', labels: { disk } }),
  read: counter({ observed: true, help: 'Read.', labels: { disk: capped({ limit: 1 }) } }),
});

/** `o.*`: the contract's; `lib.*`: instruments that no contract names. `keepsAll`: the SDK keeps what was observed for ever. */
const owners = [
  { owner: 'o', at: 'the contract’s instruments, store engine' },
  { owner: 'o', at: 'the contract’s instruments, SDK engine', engine: sdkEngine() },
  { owner: 'lib', at: 'others, store engine' },
  { owner: 'lib', at: 'others, SDK engine', engine: sdkEngine(), keepsAll: true },
] as const;

/** How a callback fails. */
const ways: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error('broken');
  },
  rejects: () => Promise.reject(new Error('broken')),
};

for (const { owner, at, ...rest } of owners) {
  const options = 'engine' in rest ? { engine: rest.engine } : {};
  const open = (more: { callbackTimeoutMs?: number } = {}) => {
    const opened = testBridge(declared, { ...options, ...more, selfMetrics: true });
    const meter: Meter = opened.bridge.meterProvider.getMeter(owner);
    const gauges = { used: meter.createObservableGauge(`${owner}.used`), free: meter.createObservableGauge(`${owner}.free`) };
    return { ...opened, meter, ...gauges, shown: () => scrapedOf(opened.bridge, `${owner}_`) };
  };

  for (const [name, fail] of Object.entries(ways)) {
    test(`${at}: one of two callbacks of an instrument ${name}`, async () => {
      const { used, shown } = open();
      used.addCallback((result) => {
        result.observe(1, { disk: 'a' });
        return fail() as undefined;
      });
      used.addCallback((result) => result.observe(2, { disk: 'b' }));
      assert.deepEqual(await shown(), { [`${owner}_used{disk="b"}`]: 2 });
    });

    test(`${at}: a batch ${name}; the other callbacks of its instruments go on`, async () => {
      const { used, free, meter, shown } = open();
      const batch: BatchObservableCallback = (result) => {
        result.observe(used as Observable, 1, { disk: 'a' });
        return fail() as undefined;
      };
      meter.addBatchObservableCallback(batch, [used, free]);
      used.addCallback((result) => result.observe(2, { disk: 'b' }));
      assert.deepEqual(await shown(), { [`${owner}_used{disk="b"}`]: 2 });
    });
  }

  test(`${at}: what the failing one last observed stays beside what the other observes, until it is too old; told once`, {
    skip: 'keepsAll' in rest,
  }, async () => {
    const { used, free, meter, shown, clock, log } = open();
    let round = 1;
    let broken = false;
    meter.addBatchObservableCallback(
      (result) => {
        result.observe(used as Observable, round, { disk: 'a' });
        if (broken) throw new Error('broken');
        result.observe(free as Observable, round, { disk: 'a' });
      },
      [used, free],
    );
    used.addCallback((result) => result.observe(round, { disk: 'b' }));
    const [a, b, alone] = [`${owner}_used{disk="a"}`, `${owner}_used{disk="b"}`, `${owner}_free{disk="a"}`];
    assert.deepEqual(await shown(), { [a]: 1, [b]: 1, [alone]: 1 });
    broken = true;
    round = 2;
    clock.advance(60_000);
    assert.deepEqual(await shown(), { [a]: 1, [b]: 2, [alone]: 1 });
    clock.advance(1);
    assert.deepEqual(await shown(), { [b]: 2 });
    assert.equal(log.length, 1, log.join('\n'));
    assert.match(log[0] ?? '', /collection failed \(.*broken/);
    broken = false;
    assert.deepEqual(await shown(), { [a]: 2, [b]: 2, [alone]: 2 });
    assert.equal(log.length, 2);
    assert.match(log[1] ?? '', /collected again$/);
  });

  test(`${at}: one that hangs holds up nobody; what it observes is shown when it has come`, async () => {
    if ('keepsAll' in rest) return;
    const { used, shown, log } = open({ callbackTimeoutMs: 20 });
    let release = () => {};
    let calls = 0;
    used.addCallback(async (result) => {
      calls += 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      result.observe(calls, { disk: 'a' });
    });
    let round = 0;
    used.addCallback((result) => result.observe(++round, { disk: 'b' }));
    const [a, b] = [`${owner}_used{disk="a"}`, `${owner}_used{disk="b"}`];
    // A scrape that waited for as long as the callback may take shows the values from before, or those of now.
    await until('the other is shown', async () => Number((await shown())[b]) > 2);
    assert.equal((await shown())[a], undefined);
    assert.equal(calls, 1, 'it is not called again before it has ended');
    release();
    await setImmediate();
    assert.equal((await shown())[a], 1);
    assert.match(log.join('\n'), /did not end within|collection late/);
    release();
  });

  test(`${at}: each failed run is counted`, async () => {
    const { used, bridge } = open();
    used.addCallback(() => {
      throw new Error('broken');
    });
    used.addCallback((result) => result.observe(2, { disk: 'b' }));
    for (const failed of [1, 2]) {
      const counted = await scrapedOf(bridge, 'meterbridge_collections_total');
      assert.equal(counted['meterbridge_collections_total{outcome="failed"}'], failed);
    }
  });
}

test('series that are aggregated into one stay a whole: a failing callback’s share is its last good one', async () => {
  const { bridge } = testBridge(declared);
  const read = bridge.meterProvider.getMeter('o').createObservableCounter('o.read');
  let total = 10;
  let broken = false;
  read.addCallback((result) => {
    result.observe(total, { disk: 'a' });
    result.observe(total, { disk: 'b' });
  });
  read.addCallback((result) => {
    if (broken) throw new Error('broken');
    result.observe(total, { disk: 'c' });
  });
  const shown = () => scrapedOf(bridge, 'o_read');
  assert.deepEqual(await shown(), { 'o_read_total{disk="a"}': 10, 'o_read_total{disk="other"}': 20 });
  broken = true;
  total = 15;
  assert.deepEqual(await shown(), { 'o_read_total{disk="a"}': 15, 'o_read_total{disk="other"}': 25 });
});
