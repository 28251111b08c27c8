import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  contract,
  counter,
  gauge,
  histogram,
  info,
  oneOf,
  parameter,
  summary,
  upDownCounter,
} from '../../../src/core/contract/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scraped } from './scraped.ts';

const labels = { zone: oneOf('north', 'south') };
const north = { zone: 'north' } as const;

const recorded = contract('made', {
  jobs: counter({ help: 'Jobs.', labels }),
  waiting: upDownCounter({ help: 'Waiting.', labels }),
  heat: gauge({ help: 'Heat.', labels }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1, 10], labels }),
  size: summary({ unit: 'By', help: 'Size.', labels }),
  buildInfo: info({ help: 'Build.', labels }),
});

const observed = contract('seen', {
  jobs: counter({ observed: true, help: 'Jobs.', labels }),
  waiting: upDownCounter({ observed: true, help: 'Waiting.', labels }),
  heat: gauge({ observed: true, help: 'Heat.', labels }),
  time: histogram({ observed: true, unit: 's', help: 'Time.', bounds: [1, 10], labels }),
  size: summary({ observed: true, unit: 'By', help: 'Size.', labels }),
  buildInfo: info({ observed: true, help: 'Build.', labels }),
  uptime: gauge({ observed: true, unit: 's', help: 'Uptime.' }),
});

test('every kind, recorded', async () => {
  const { metrics, value, bridge } = testBridge(recorded);
  metrics.jobs.add(2, north);
  metrics.jobs.add(0.5, north);
  metrics.waiting.add(5, north);
  metrics.waiting.add(-7, north);
  metrics.heat.set(20, north);
  metrics.heat.set(-3.5, north);
  for (const seconds of [0.5, 1, 2, 11]) metrics.time.record(seconds, north);
  for (const bytes of [3, 4]) metrics.size.record(bytes, north);
  metrics.buildInfo.set(north);
  assert.equal(await value('jobs', north), 2.5);
  assert.equal(await value('waiting', north), -2);
  assert.equal(await value('heat', north), -3.5);
  // A bound belongs to its bucket (`le`): 0.5 and 1, then 2, then 11.
  assert.deepEqual(await value('time', north), { count: 4, sum: 14.5, counts: [2, 1, 1] });
  assert.deepEqual(await value('size', north), { count: 2, sum: 7 });
  assert.equal(await value('buildInfo', north), 1);

  const lines = await scraped(bridge);
  assert.equal(lines.get('made_jobs_total{zone="north"}'), 2.5);
  assert.equal(lines.get('made_time_seconds_bucket{zone="north",le="10"}'), 3);
  assert.equal(lines.get('made_time_seconds_count{zone="north"}'), 4);
  assert.equal(lines.get('made_size_bytes_sum{zone="north"}'), 7);
  assert.equal(lines.get('made_build_info{zone="north"}'), 1);
});

test('every kind, observed', async () => {
  const { metrics, value } = testBridge(observed);
  metrics.jobs.observe((o) => o.set(2.5, north));
  metrics.waiting.observe((o) => o.set(-2, north));
  metrics.heat.observe(async (o) => o.set(-3.5, north));
  metrics.time.observe((o) => o.set({ counts: [2, 1, 1], sum: 14.5 }, north));
  metrics.size.observe((o) => o.set({ count: 2, sum: 7 }, north));
  metrics.buildInfo.observe((o) => o.set(1, north));
  metrics.uptime.observe(async () => 12);
  assert.equal(await value('jobs', north), 2.5);
  assert.equal(await value('waiting', north), -2);
  assert.equal(await value('heat', north), -3.5);
  assert.deepEqual(await value('time', north), { count: 4, sum: 14.5, counts: [2, 1, 1] });
  assert.deepEqual(await value('size', north), { count: 2, sum: 7 });
  assert.equal(await value('buildInfo', north), 1);
  assert.equal(await value('uptime'), 12);
});

test('one callback behind several metrics', async () => {
  const { metrics, bridge, value } = testBridge(observed);
  let queries = 0;
  bridge.observe([metrics.jobs, metrics.time, metrics.uptime], async (o) => {
    queries += 1;
    o.set(metrics.jobs, 3, north);
    o.set(metrics.time, { counts: [1, 0, 0], sum: 0.1 }, north);
    o.set(metrics.uptime, 5);
  });
  assert.equal(await value('jobs', north), 3);
  assert.equal(await value('uptime'), 5);
  assert.equal(queries, 2);
});

for (const kind of ['waiting', 'heat'] as const) {
  test(`what is observed is shown as it is, -0 too: ${kind}`, async () => {
    const { metrics, bridge } = testBridge(observed);
    metrics[kind].observe((o) => o.set(-0, north));
    assert.ok(Object.is((await scraped(bridge)).get(`seen_${kind}{zone="north"}`), -0));
  });
}

test('a counter is never below 0, so that an observed -0 is 0', async () => {
  const { metrics, bridge } = testBridge(observed);
  metrics.jobs.observe((o) => o.set(-0, north));
  assert.ok(Object.is((await scraped(bridge)).get('seen_jobs_total{zone="north"}'), 0));
});

test('an information has one set of labels at a time', async () => {
  const { metrics, value } = testBridge(recorded);
  metrics.buildInfo.set(north);
  metrics.buildInfo.set({ zone: 'south' });
  assert.equal(await value('buildInfo', north), undefined);
  assert.equal(await value('buildInfo', { zone: 'south' }), 1);
});

for (const number of [2 ** 53 + 2, 2 ** 60, 1e300, 5e-324]) {
  test(`a counter takes ${number}`, async () => {
    const { metrics, value } = testBridge(recorded);
    metrics.jobs.add(number, north);
    assert.equal(await value('jobs', north), number);
  });
}

for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 2 ** 70]) {
  test(`a gauge takes ${number}`, async () => {
    const { metrics, value } = testBridge(recorded);
    metrics.heat.set(1, north);
    metrics.heat.set(number, north);
    const shown = await value('heat', north);
    assert.ok(Object.is(shown, number) || shown === number, String(shown));
  });
}

/** UCUM unit → what 1,500 ms are in it. */
const timers = { s: 1.5, ms: 1_500, us: 1.5e6, ns: 1.5e9, min: 0.025 };
for (const [unit, expected] of Object.entries(timers)) {
  test(`a timer records in the metric's unit: ${unit}`, async () => {
    const timed = contract('timed', { work: histogram({ unit, help: 'Work.', bounds: [1e12] }) }, { accepts: {} });
    const { metrics, value, clock } = testBridge(timed);
    const stop = metrics.work.startTimer();
    clock.advance(1_500);
    assert.equal(stop(), expected);
    assert.deepEqual(await value('work'), { count: 1, sum: expected, counts: [1, 0] });
  });
}

test('a timer keeps the labels that it was started with', async () => {
  const { metrics, value, clock } = testBridge(recorded);
  const given: { zone: 'north' | 'south' } = { zone: 'north' };
  const stop = metrics.time.startTimer(given);
  given.zone = 'south';
  clock.advance(2_000);
  stop();
  assert.deepEqual(await value('time', north), { count: 1, sum: 2, counts: [0, 1, 0] });
  assert.equal(await value('time', { zone: 'south' }), undefined);
});

test('constant labels are on every series', async () => {
  const constant = contract('fixed', { jobs: counter({ help: 'Jobs.', labels, constantLabels: { site: 'here' } }) });
  const { bridge, metrics, value } = testBridge(constant);
  metrics.jobs.add(1, north);
  assert.equal(await value('jobs', north), 1);
  assert.equal((await scraped(bridge)).get('fixed_jobs_total{site="here",zone="north"}'), 1);
});

test('what the program decides is on every series, and recording without it is an error', async () => {
  const of = (site?: string) =>
    contract('fixed', { jobs: counter({ help: 'Jobs.', labels }) }, { constantLabels: { site: parameter(site) } });
  const { bridge, metrics, value } = testBridge(of('here'));
  metrics.jobs.add(1, north);
  assert.equal(await value('jobs', north), 1);
  assert.equal((await scraped(bridge)).get('fixed_jobs_total{site="here",zone="north"}'), 1);
  assert.throws(() => testBridge(of()), /fixed\.metrics\.jobs\.constantLabels\.site/);
});
