/**
 * When observed series began: Metrics SDK, "Start timestamps", and the data model's "Cumulative streams: handling unknown start
 * time".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, histogram, identity } from '../../../src/core/contract/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';

const labels = { disk: identity({ limit: 10 }) };
const declared = contract('s', {
  read: counter({ observed: true, help: 'Read.', labels }),
  kept: counter({ observed: true, unknownStart: true, help: 'Kept.', labels }),
  time: histogram({ observed: true, unknownStart: true, unit: 's', help: 'Time.', bounds: [1] }),
});

const engines = [
  ['store engine', {}],
  ['SDK engine', { engine: sdkEngine() }],
] as const;

for (const [name, options] of engines) {
  const started = () => {
    const { bridge, metrics, clock } = testBridge(declared, options);
    const began = clock();
    /** Seconds after the bridge was made, in the order of the labels; undefined where there is no start time. */
    const starts = async (instrument: string) => {
      const { resourceMetrics } = await bridge.producer.collect();
      const data = resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === `s.${instrument}`);
      return data?.dataPoints.map(({ startTime: [s, ns] }) => (s === 0 && ns === 0 ? undefined : s - began / 1_000));
    };
    return { metrics, starts, wait: () => clock.advance(30_000) };
  };

  test(`${name}: what the first collection finds began with its instrument, and what a later one finds with the one before`, async () => {
    const { metrics, starts, wait } = started();
    let disks = ['a'];
    metrics.read.observe((o) => {
      for (const disk of disks) o.set(5, { disk });
    });
    wait();
    assert.deepEqual(await starts('read'), [0]);
    wait();
    disks = ['a', 'b'];
    assert.deepEqual(await starts('read'), [0, 30]);
    wait();
    disks = ['b'];
    assert.deepEqual(await starts('read'), [30]);
    wait();
    disks = ['a', 'b'];
    assert.deepEqual((await starts('read'))?.toSorted(), [30, 90]);
  });

  test(`${name}: a collection that failed is none`, async () => {
    const { metrics, starts, wait } = started();
    let broken = true;
    metrics.read.observe((o) => {
      if (broken) throw new Error('no database');
      o.set(5, { disk: 'a' });
    });
    wait();
    assert.equal(await starts('read'), undefined);
    wait();
    broken = false;
    assert.deepEqual(await starts('read'), [0]);
  });

  test(`${name}: totals that outlive the process have no start time, but for those that came since the first collection`, async () => {
    const { metrics, starts, wait } = started();
    let totals: Record<string, number> = { a: 100 };
    const observe = () =>
      metrics.kept.observe((o) => {
        for (const [disk, total] of Object.entries(totals)) o.set(total, { disk });
      });
    const detach = observe();
    metrics.time.observe((o) => o.set({ counts: [1, 2], sum: 5 }));
    wait();
    assert.deepEqual([await starts('kept'), await starts('time')], [[undefined], [undefined]]);
    wait();
    totals = { a: 101, b: 1 };
    assert.deepEqual(await starts('kept'), [undefined, 30]);
    wait();
    // Retention takes from both: what is left is older than that.
    totals = { a: 50, b: 0 };
    assert.deepEqual(await starts('kept'), [undefined, undefined]);
    detach();
    wait();
    observe();
    assert.deepEqual(await starts('kept'), [undefined, undefined]);
  });
}

test('a scrape has the same starts, but none of a total that fell or that outlives the process', async () => {
  const { bridge, metrics, clock } = testBridge(declared, { scrape: { created: true } });
  const began = clock();
  const created = async () => {
    const header = (name: string) => (name === 'accept' ? 'application/openmetrics-text' : undefined);
    const { body } = await bridge.scrape({
      method: 'GET',
      path: '/metrics',
      query: new URLSearchParams(),
      header,
      peer: '127.0.0.1',
    });
    const lines = new TextDecoder().decode(body).matchAll(/^(s_\w+)_created(?:\{disk="(\w+)"\})? (\S+)$/gm);
    return Object.fromEntries([...lines].map(([, name, disk = '', seconds]) => [name + disk, Number(seconds) - began / 1_000]));
  };
  let totals: Record<string, number> = { a: 100 };
  for (const key of ['read', 'kept'] as const) {
    metrics[key].observe((o) => {
      for (const [disk, total] of Object.entries(totals)) o.set(total, { disk });
    });
  }
  clock.advance(30_000);
  assert.deepEqual(await created(), { s_reada: 0 });
  totals = { a: 101, b: 1 };
  clock.advance(30_000);
  assert.deepEqual(await created(), { s_reada: 0, s_readb: 30 });
  totals = { a: 50, b: 2 };
  clock.advance(30_000);
  assert.deepEqual(await created(), { s_readb: 30 });
  // A receiver of pushes is told as before when it began again.
  const { resourceMetrics } = await bridge.producer.collect();
  const read = resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === 's.read');
  assert.deepEqual(
    read?.dataPoints.map(({ startTime: [seconds] }) => seconds - began / 1_000),
    [90, 30],
  );
});
