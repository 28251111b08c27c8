import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchObservableCallback, ObservableCallback } from '@opentelemetry/api';
import {
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  oneOf,
  summary,
  upDownCounter,
} from '../../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../../src/core/errors/error.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrapedOf } from '../scraped.ts';
import { warnings } from '../store-engine/library-meter.ts';

const declared = contract('a', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'bad') } }),
  depth: upDownCounter({ help: 'Depth.' }),
  heat: gauge({ help: 'Heat.' }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1] }),
  size: summary({ help: 'Size.' }),
  buildInfo: info({ help: 'Build.', labels: { version: identity() } }),
  read: counter({ observed: true, help: 'Read.', labels: { disk: identity() } }),
  open: upDownCounter({ observed: true, help: 'Open.' }),
  used: gauge({ observed: true, help: 'Used.', labels: { disk: identity() } }),
});

function open() {
  const opened = testBridge(declared);
  return { ...opened, meter: opened.bridge.meterProvider.getMeter('a') };
}

test('recorded instruments of the contract, by their names', async () => {
  const { meter, metrics, value } = open();
  meter.createCounter('a.runs').add(2, { status: 'ok' });
  metrics.runs.add(3, { status: 'ok' });
  meter.createUpDownCounter('a.depth').add(-2);
  meter.createGauge('a.heat').record(5);
  meter.createHistogram('a.time').record(3);
  meter.createHistogram('a.size').record(4);
  meter.createGauge('a.build.info').record(1, { version: '1' });
  meter.createGauge('a.build.info').record(1, { version: '2' });
  assert.equal(await value('runs', { status: 'ok' }), 5);
  assert.equal(await value('depth'), -2);
  assert.equal(await value('heat'), 5);
  assert.deepEqual(await value('time'), { count: 1, sum: 3, counts: [0, 1] });
  assert.deepEqual(await value('size'), { count: 1, sum: 4 });
  assert.equal(await value('buildInfo', { version: '1' }), undefined);
  assert.equal(await value('buildInfo', { version: '2' }), 1);
  assert.deepEqual(warnings, []);
});

test('measurements pass the same gate', async () => {
  const { bridge, value } = testBridge(declared, { selfMetrics: true });
  const runs = bridge.meterProvider.getMeter('a').createCounter('a.runs');
  runs.add(1, { status: 'ok', 'user.id': 'eve' });
  runs.add(2, { status: 'ok', 'user.id': 'mallory' });
  runs.add(1, { status: 'odd' });
  runs.add(Number.NaN, { status: 'ok' });
  runs.add(1, { status: ['ok'] });
  runs.add(1);
  assert.equal(await value('runs', { status: 'ok' }), 3);
  const lines = await scrapedOf(bridge, 'meterbridge_');
  assert.equal(lines.meterbridge_attributes_dropped_total, 2);
  for (const reason of ['value', 'label_value', 'label_type', 'label_missing']) {
    assert.equal(lines[`meterbridge_measurements_refused_total{metric="a_runs_total",reason="${reason}"}`], 1, reason);
  }
});

test('observable instruments: what is not observed any more is gone, what falls together adds up', async () => {
  const { meter, bridge } = open();
  let disks = ['a', 'b'];
  meter.createObservableGauge('a.used').addCallback((result) => {
    for (const disk of disks) {
      result.observe(5, { disk, partition: 1 });
      result.observe(7, { disk, partition: 2 });
    }
  });
  meter.createObservableUpDownCounter('a.open').addCallback(async (result) => result.observe(-3));
  assert.deepEqual(await scrapedOf(bridge, 'a_used'), { 'a_used{disk="a"}': 12, 'a_used{disk="b"}': 12 });
  assert.deepEqual(await scrapedOf(bridge, 'a_open'), { a_open: -3 });
  disks = ['b'];
  assert.deepEqual(await scrapedOf(bridge, 'a_used'), { 'a_used{disk="b"}': 12 });
});

test('several callbacks on one observable make one observation; the last one removed takes the values along', async () => {
  const { meter, bridge } = open();
  const used = meter.createObservableGauge('a.used');
  const first: ObservableCallback = (result) => result.observe(1, { disk: 'a' });
  const second: ObservableCallback = (result) => result.observe(2, { disk: 'b' });
  used.addCallback(first);
  meter.createObservableGauge('a.used').addCallback(second);
  used.addCallback(first);
  const both = { 'a_used{disk="a"}': 1, 'a_used{disk="b"}': 2 };
  for (const round of [1, 2]) assert.deepEqual(await scrapedOf(bridge, 'a_used'), both, `round ${round}`);
  used.removeCallback(second);
  assert.deepEqual(await scrapedOf(bridge, 'a_used'), { 'a_used{disk="a"}': 1 });
  used.removeCallback(first);
  used.removeCallback(first);
  assert.deepEqual(await scrapedOf(bridge, 'a_used'), {});
});

test('batch callbacks, beside a callback of their own and beside foreign instruments', async () => {
  const { meter, bridge } = open();
  const used = meter.createObservableGauge('a.used');
  const read = meter.createObservableCounter('a.read');
  const foreign = meter.createObservableGauge('library.load');
  used.addCallback((result) => result.observe(1, { disk: 'own' }));
  read.addCallback((result) => result.observe(1, { disk: 'own' }));
  const batch: BatchObservableCallback = (result) => {
    result.observe(used, 2, { disk: 'batch' });
    result.observe(read, 3, { disk: 'batch' });
    result.observe(foreign, 4);
  };
  meter.addBatchObservableCallback(batch, [used, read, foreign]);
  const own = { 'a_used{disk="own"}': 1, 'a_read_total{disk="own"}': 1 };
  const all = { ...own, 'a_used{disk="batch"}': 2, 'a_read_total{disk="batch"}': 3 };
  for (const round of [1, 2]) assert.deepEqual(await scrapedOf(bridge, 'a_'), { ...recordedZeros, ...all }, `round ${round}`);
  assert.deepEqual(await scrapedOf(bridge, 'library_'), { library_load: 4 });
  meter.removeBatchObservableCallback(batch, [read, used, foreign]);
  assert.deepEqual(await scrapedOf(bridge, 'a_'), { ...recordedZeros, ...own });
});

const recordedZeros = { 'a_runs_total{status="ok"}': 0, 'a_runs_total{status="bad"}': 0, a_depth: 0 };

test('a failing callback of the API keeps the values of its own metrics only', async () => {
  const { meter, bridge } = open();
  let broken = false;
  meter.createObservableGauge('a.used').addCallback((result) => {
    result.observe(broken ? 9 : 1, { disk: 'a' });
    if (broken) throw new Error('broken');
  });
  meter.createObservableUpDownCounter('a.open').addCallback((result) => result.observe(broken ? 2 : 1));
  await bridge.refresh();
  broken = true;
  assert.deepEqual(await scrapedOf(bridge, 'a_used'), { 'a_used{disk="a"}': 1 });
  assert.deepEqual(await scrapedOf(bridge, 'a_open'), { a_open: 2 });
});

test('a recorder and the API do not take turns on one metric: who comes first keeps it', async () => {
  const { meter, metrics, bridge } = open();
  const detach = metrics.used.observe((o) => o.set(1, { disk: 'recorder' }));
  meter.createObservableGauge('a.used').addCallback((result) => result.observe(2, { disk: 'api' }));
  assert.match(warnings[0] ?? '', /^a\.used: its recorder has a callback already/);
  for (const round of [1, 2])
    assert.deepEqual(await scrapedOf(bridge, 'a_used'), { 'a_used{disk="recorder"}': 1 }, `round ${round}`);
  detach();
  const late = meter.createObservableCounter('a.read');
  late.addCallback((result) => result.observe(2, { disk: 'api' }));
  const second = (error: unknown) =>
    error instanceof MeterbridgeError && /a_read_total: got a callback beside one of the Open/.test(error.message);
  assert.throws(() => metrics.read.observe(() => {}), second);
});

const mismatches = ['createUpDownCounter', 'createHistogram', 'createGauge', 'createObservableCounter'] as const;
for (const create of mismatches) {
  test(`a counter asked for by ${create} warns and records nothing`, async () => {
    const { meter, value } = open();
    const instrument = meter[create]('a.runs') as { add?: unknown; record?: unknown; addCallback?: unknown };
    for (const method of [instrument.add, instrument.record] as ((value: number, labels: object) => void)[])
      method?.(1, { status: 'ok' });
    assert.match(warnings.join(), /a\.runs: asked for as .*the contract a declares a recorded counter/);
    assert.equal(await value('runs', { status: 'ok' }), 0);
  });
}

test('an observed metric is not recorded', async () => {
  const { meter, value } = open();
  meter.createCounter('a.read').add(1, { disk: 'a' });
  assert.match(warnings.join(), /a\.read: asked for as counter; the contract a declares an observed counter/);
  assert.equal(await value('read', { disk: 'a' }), undefined);
});

test('a meter may be asked for before its contract is registered', async () => {
  const { bridge } = open();
  const meter = bridge.meterProvider.getMeter('library');
  const metrics = bridge.register(contract('library', { calls: counter({ help: 'Calls.' }) }));
  meter.createCounter('library.calls').add(1, { dropped: 'x' });
  metrics.calls.add(2);
  assert.deepEqual(await scrapedOf(bridge, 'library_'), { library_calls_total: 3 });
});
