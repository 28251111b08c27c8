/** Exponential histograms, and min and max, from the call to every format, on both engines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, histogram, identity } from '../../../src/core/contract/index.ts';
import type { EngineChoice } from '../../../src/library/recording/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from './scraped.ts';

const task = identity({ limit: 5_000 });
const declared = contract('e', {
  wait: histogram({ unit: 's', help: 'Wait.', exponential: { maxSize: 4, maxScale: 1 }, minMax: true, labels: { task } }),
  size: histogram({ unit: 'By', help: 'Size.', bounds: [1, 2], minMax: true, labels: { task } }),
  plain: histogram({ help: 'Plain.', exponential: {} }),
});

const engines: readonly (readonly [string, EngineChoice | undefined])[] = [
  ['store engine', undefined],
  ['SDK engine', sdkEngine()],
];
for (const [name, engine] of engines) {
  const open = () => testBridge(declared, { selfMetrics: true, ...(engine === undefined ? {} : { engine }) });

  test(`${name}: buckets follow the values, min and max the contract`, async () => {
    const { metrics, value } = open();
    metrics.wait.zero({ task: 'a' });
    const none = { scale: 1, zeroCount: 0, offset: 0, counts: [] };
    assert.deepEqual(await value('wait', { task: 'a' }), { count: 0, sum: 0, exponential: none });
    // Half an octave a bucket: (1.414, 2].
    metrics.wait.record(2, { task: 'a' });
    const one = { scale: 1, zeroCount: 0, offset: 1, counts: [1] };
    assert.deepEqual(await value('wait', { task: 'a' }), { count: 1, sum: 2, exponential: one, min: 2, max: 2 });
    // (1, 2] (2, 4] (4, 8]: half octaves do not fit any more.
    metrics.wait.bind({ task: 'a' }).record(6);
    const two = { scale: 0, zeroCount: 0, offset: 0, counts: [1, 0, 1] };
    assert.deepEqual(await value('wait', { task: 'a' }), { count: 2, sum: 8, exponential: two, min: 2, max: 6 });
    metrics.size.zero({ task: 'a' });
    assert.deepEqual(await value('size', { task: 'a' }), { count: 0, sum: 0, counts: [0, 0, 0] });
    for (const size of [2, 0.5, 9]) metrics.size.record(size, { task: 'a' });
    assert.deepEqual(await value('size', { task: 'a' }), { count: 3, sum: 11.5, counts: [1, 1, 1], min: 0.5, max: 9 });
    metrics.plain.record(1);
    assert.deepEqual(await value('plain'), {
      count: 1,
      sum: 1,
      exponential: { scale: 20, zeroCount: 0, offset: -1, counts: [1] },
    });
  });

  test(`${name}: zeros have a place of their own, and leave the others theirs`, async () => {
    const { metrics, value } = open();
    metrics.plain.record(0);
    metrics.plain.record(-0);
    metrics.plain.record(2);
    const exponential = { scale: 20, zeroCount: 2, offset: 2 ** 20 - 1, counts: [1] };
    assert.deepEqual(await value('plain'), { count: 3, sum: 2, exponential });
  });

  test(`${name}: what a histogram refuses, an exponential one does too`, async () => {
    const { metrics, bridge, value } = open();
    const api = bridge.meterProvider.getMeter('e').createHistogram('e.plain');
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1]) {
      metrics.plain.record(wrong);
      api.record(wrong);
    }
    assert.equal(await value('plain'), undefined);
    api.record(3);
    assert.equal((await value('plain'))?.count, 1);
    assert.deepEqual(await scrapedOf(bridge, 'meterbridge_measurements_refused_total{metric="e_plain",reason="value"}'), {
      'meterbridge_measurements_refused_total{metric="e_plain",reason="value"}': 8,
    });
  });

  test(`${name}: one that was removed begins anew`, async () => {
    const { metrics, value } = open();
    for (const seconds of [1, 1_000]) metrics.wait.record(seconds, { task: 'a' });
    await value('wait', { task: 'a' });
    metrics.wait.remove({ task: 'a' });
    metrics.wait.record(2, { task: 'b' });
    metrics.wait.record(8, { task: 'a' });
    const exponential = { scale: 1, zeroCount: 0, offset: 5, counts: [1] };
    assert.deepEqual(await value('wait', { task: 'a' }), { count: 1, sum: 8, exponential, min: 8, max: 8 });
    assert.deepEqual((await value('wait', { task: 'b' }))?.max, 2);
  });

  test(`${name}: what an instrument has counted that is given up stays counted`, async () => {
    const { metrics, value } = open();
    const stays = { task: 'stays' };
    metrics.wait.record(2, stays);
    metrics.size.record(2, stays);
    // The SDK forgets nothing: after so many that were removed, its engine begins with another instrument.
    for (let at = 0; at < 1_100; at++) {
      metrics.wait.record(1, { task: `gone ${at}` });
      metrics.wait.remove({ task: `gone ${at}` });
    }
    for (let round = 0; round < 3; round++) await value('wait', stays);
    metrics.wait.record(6, stays);
    metrics.size.record(5, stays);
    const exponential = { scale: 0, zeroCount: 0, offset: 0, counts: [1, 0, 1] };
    assert.deepEqual(await value('wait', stays), { count: 2, sum: 8, exponential, min: 2, max: 6 });
    assert.deepEqual(await value('size', stays), { count: 2, sum: 7, counts: [0, 1, 1], min: 2, max: 5 });
  });

  // client_golang shows a histogram without classic buckets so, in both formats.
  const text = `# HELP e_wait_seconds Wait.
# TYPE e_wait_seconds histogram
e_wait_seconds_bucket{task="a",le="+Inf"} 3
e_wait_seconds_sum{task="a"} 1007.5
e_wait_seconds_count{task="a"} 3
e_wait_seconds_bucket{task="b",le="+Inf"} 1
e_wait_seconds_sum{task="b"} 0
e_wait_seconds_count{task="b"} 1
# HELP e_size_bytes Size.
# TYPE e_size_bytes histogram
e_size_bytes_bucket{task="a",le="1"} 0
e_size_bytes_bucket{task="a",le="2"} 1
e_size_bytes_bucket{task="a",le="+Inf"} 1
e_size_bytes_sum{task="a"} 2
e_size_bytes_count{task="a"} 1
# HELP e_plain Plain.
# TYPE e_plain histogram
`;
  const openMetrics = `# TYPE e_wait_seconds histogram
# UNIT e_wait_seconds seconds
# HELP e_wait_seconds Wait.
e_wait_seconds_bucket{task="a",le="+Inf"} 3
e_wait_seconds_sum{task="a"} 1007.5
e_wait_seconds_count{task="a"} 3
e_wait_seconds_bucket{task="b",le="+Inf"} 1
e_wait_seconds_sum{task="b"} 0
e_wait_seconds_count{task="b"} 1
# TYPE e_size_bytes histogram
# UNIT e_size_bytes bytes
# HELP e_size_bytes Size.
e_size_bytes_bucket{task="a",le="1.0"} 0
e_size_bytes_bucket{task="a",le="2.0"} 1
e_size_bytes_bucket{task="a",le="+Inf"} 1
e_size_bytes_sum{task="a"} 2
e_size_bytes_count{task="a"} 1
# TYPE e_plain histogram
# HELP e_plain Plain.
# EOF
`;
  for (const thread of [false, true]) {
    test(`${name}: a text format has one bucket, sum and count, ${thread ? 'also from the worker listener' : 'sorted'}`, async (t) => {
      const { metrics, bridge, close } = open();
      t.after(close);
      metrics.wait.record(0, { task: 'b' });
      for (const seconds of [2, 1_000, 5.5]) metrics.wait.record(seconds, { task: 'a' });
      metrics.size.record(2, { task: 'a' });
      const { url } = await bridge.listen('127.0.0.1:0', { thread });
      const get = async (accept: string) => {
        const body = await (await fetch(url, { headers: { accept } })).text();
        return body.split(/^(?=# (?:TYPE|HELP) meterbridge_)/m)[0] ?? '';
      };
      assert.equal(await get('text/plain; version=0.0.4'), text);
      const eof = await get('application/openmetrics-text; version=1.0.0');
      assert.equal(`${eof}# EOF\n`, openMetrics);
    });
  }
}
