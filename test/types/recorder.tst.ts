import { expect, test } from 'tstyche';
import {
  capped,
  contract,
  counter,
  gauge,
  histogram,
  identity,
  info,
  meterbridge,
  oneOf,
  summary,
  upDownCounter,
} from '../../src/index.ts';
import { testBridge } from '../../src/testing.ts';

const declared = contract('t', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('success', 'failed'), task: identity() } }),
  depth: upDownCounter({ help: 'Depth.', labels: { page: capped() } }),
  heat: gauge({ help: 'Heat.' }),
  time: histogram({ unit: 's', help: 'Time.', labels: { status: oneOf('success', 'failed') } }),
  size: summary({ help: 'Size.' }),
  buildInfo: info({ help: 'Build.', labels: { version: identity() } }),
  seenRuns: counter({ observed: true, help: 'Runs.', labels: { status: oneOf('success', 'failed') } }),
  seenHeat: gauge({ observed: true, help: 'Heat.' }),
  seenTime: histogram({ observed: true, unit: 's', help: 'Time.' }),
  seenSize: summary({ observed: true, help: 'Size.', labels: { status: oneOf('success') } }),
  plain: counter({ observed: false, help: 'Plain.' }),
});
const bridge = meterbridge(declared);
const { metrics } = bridge;
const labels = { status: 'success', task: 'backup' } as const;

test('labels: all of them, spelled right, with values of the set', () => {
  expect(metrics.runs.add).type.toBeCallableWith(1, labels);
  expect(metrics.runs.add).type.not.toBeCallableWith(1);
  expect(metrics.runs.add).type.not.toBeCallableWith(1, {});
  expect(metrics.runs.add).type.not.toBeCallableWith(1, { status: 'success' });
  expect(metrics.runs.add).type.not.toBeCallableWith(1, { status: 'succes', task: 'backup' });
  expect(metrics.runs.add).type.not.toBeCallableWith(1, { state: 'success', task: 'backup' });
  expect(metrics.runs.add).type.not.toBeCallableWith(1, { status: 'success', task: 'backup', user: 'eve' });
  expect(metrics.runs.add).type.not.toBeCallableWith(1, { status: 'success', task: 7 });
  expect(metrics.runs.add).type.not.toBeCallableWith('1', labels);
  expect(metrics.runs.bind).type.not.toBeCallableWith({ status: 'success' });
  expect(metrics.runs.zero).type.not.toBeCallableWith();
  expect(metrics.depth.add).type.toBeCallableWith(-1, { page: 'anything' });
});

test('an info is always 1, so that it has no zero', () => {
  expect(metrics.buildInfo).type.not.toHaveProperty('zero');
});

test('a metric without labels takes none', () => {
  expect(metrics.heat.set).type.toBeCallableWith(1);
  expect(metrics.heat.set).type.toBeCallableWith(1, {});
  expect(metrics.heat.set).type.not.toBeCallableWith(1, { status: 'success' });
  expect(metrics.plain.add).type.not.toBeCallableWith(1, { status: 'success' });
});

test('remove takes any part of the labels', () => {
  expect(metrics.runs.remove).type.toBeCallableWith();
  expect(metrics.runs.remove).type.toBeCallableWith({ task: 'backup' });
  expect(metrics.runs.remove).type.not.toBeCallableWith({ task: undefined });
  expect(metrics.runs.remove).type.not.toBeCallableWith({ tusk: 'backup' });
  expect(metrics.runs.remove).type.not.toBeCallableWith({ status: 'succes' });
});

test('each kind has its own methods', () => {
  expect(metrics.runs).type.toHaveProperty('add');
  expect(metrics.runs).type.not.toHaveProperty('set');
  expect(metrics.runs).type.not.toHaveProperty('observe');
  expect(metrics.heat).type.toHaveProperty('set');
  expect(metrics.heat).type.toHaveProperty('add');
  expect(metrics.time).type.toHaveProperty('startTimer');
  expect(metrics.time).type.not.toHaveProperty('add');
  expect(metrics.size.record).type.toBeCallableWith(1);
  expect(metrics.buildInfo.set).type.toBeCallableWith({ version: '1.2' });
  expect(metrics.buildInfo.set).type.not.toBeCallableWith(1, { version: '1.2' });
  expect(metrics.buildInfo).type.not.toHaveProperty('bind');
  expect(metrics.runs.bind(labels)).type.toBe<{ add(value: number): void }>();
  expect(metrics.time.bind({ status: 'failed' })).type.toBe<{ record(value: number): void }>();
});

test('one by default: `add` and `inc` without labels, `inc` with them', () => {
  expect(metrics.plain.add).type.toBeCallableWith();
  expect(metrics.plain.inc).type.toBeCallableWith();
  expect(metrics.runs.inc).type.toBeCallableWith(labels);
  expect(metrics.runs.inc).type.not.toBeCallableWith();
  expect(metrics.runs.inc).type.not.toBeCallableWith(2, labels);
  expect(metrics.runs.add).type.not.toBeCallableWith(labels);
  expect(metrics.runs).type.not.toHaveProperty('dec');
  expect(metrics.heat.inc).type.toBeCallableWith();
  expect(metrics.heat.dec).type.toBeCallableWith();
  expect(metrics.heat.add).type.toBeCallableWith(-2);
  expect(metrics.heat.setToCurrentTime).type.toBeCallableWith();
});

test('the value comes before the labels, and `inc` and `dec` take none', () => {
  expect(metrics.plain.inc).type.not.toBeCallableWith(2);
  expect(metrics.runs.inc).type.not.toBeCallableWith(labels, 2);
  expect(metrics.depth.dec).type.not.toBeCallableWith({ page: 'a' }, 2);
  expect(metrics.heat.inc).type.not.toBeCallableWith(2);
  expect(metrics.heat.dec).type.not.toBeCallableWith(2);
  expect(metrics.runs.add).type.not.toBeCallableWith(labels, 2);
  expect(metrics.depth.add).type.toBeCallableWith(2, { page: 'a' });
  expect(metrics.heat.set).type.not.toBeCallableWith({}, 2);
  expect(metrics.time.record).type.not.toBeCallableWith({ status: 'failed' }, 2);
  expect(metrics.time.record).type.toBeCallableWith(2, { status: 'failed' });
});

test('a timer takes at its end the labels that its start left out', () => {
  expect(metrics.time.startTimer()).type.toBeCallableWith({ status: 'failed' });
  expect(metrics.time.startTimer()).type.not.toBeCallableWith();
  expect(metrics.time.startTimer({ status: 'failed' })).type.toBeCallableWith();
  expect(metrics.time.startTimer({ status: 'failed' })).type.toBeCallableWith({ status: 'success' });
  expect(metrics.time.startTimer).type.not.toBeCallableWith({ status: 'faild' });
  expect(metrics.time.time({ status: 'failed' }, () => 5)).type.toBe<number>();
  expect(metrics.size.time(async () => 'a')).type.toBe<Promise<string>>();
  expect(metrics.time.time).type.not.toBeCallableWith(() => 5);
});

test('observed metrics are observed, recorded ones are not', () => {
  expect(metrics.seenRuns).type.not.toHaveProperty('add');
  expect(metrics.seenHeat).type.not.toHaveProperty('set');
  expect(metrics.seenHeat).type.not.toHaveProperty('remove');
  expect(bridge.observe).type.toBeCallableWith([metrics.seenRuns, metrics.seenHeat], () => {});
  expect(bridge.observe).type.not.toBeCallableWith([metrics.runs], () => {});
  expect(metrics).type.not.toHaveProperty('misspelt');
});

test('callbacks: a value or a promise of it without labels, a report with them', () => {
  metrics.seenHeat.observe(() => 1);
  metrics.seenHeat.observe(async () => undefined);
  metrics.seenHeat.observe((o) => o.set(1));
  metrics.seenRuns.observe((o) => o.set(1, { status: 'failed' }));
  metrics.seenRuns.observe(async (o, signal) => {
    if (!signal.aborted) o.set(1, { status: 'failed' });
  });
  metrics.seenTime.observe(() => ({ counts: [1, 2], sum: 3 }));
  metrics.seenSize.observe((o) => o.set({ count: 1, sum: 2 }, { status: 'success' }));
  expect(metrics.seenHeat.observe).type.not.toBeCallableWith(() => 'text');
  expect(metrics.seenRuns.observe).type.not.toBeCallableWith(() => 1);
  expect(metrics.seenTime.observe).type.not.toBeCallableWith(() => 1);
  metrics.seenRuns.observe((o) => {
    expect(o.set).type.not.toBeCallableWith(1);
    expect(o.set).type.not.toBeCallableWith(1, { status: 'odd' });
    expect(o.set).type.not.toBeCallableWith(1, { state: 'failed' });
  });
});

test('a group reports each metric with its own labels', () => {
  bridge.observe([metrics.seenRuns, metrics.seenHeat, metrics.seenSize], (o) => {
    o.set(metrics.seenRuns, 1, { status: 'failed' });
    o.set(metrics.seenHeat, 1);
    o.set(metrics.seenSize, { count: 1, sum: 2 }, { status: 'success' });
    // @ts-expect-error Type '"odd"' is not assignable
    o.set(metrics.seenRuns, 1, { status: 'odd' });
    // @ts-expect-error Expected 3 arguments, but got 2
    o.set(metrics.seenRuns, 1);
    // @ts-expect-error not assignable to parameter of type 'SummaryValue'
    o.set(metrics.seenSize, 1, { status: 'success' });
    // @ts-expect-error Property 'observe' is missing
    o.set(metrics.depth, 1, { page: 'a' });
  });
});

test('a registered contract has its own recorder', () => {
  const library = bridge.register(contract('l', { calls: counter({ help: 'Calls.', labels: { method: oneOf('get', 'put') } }) }));
  expect(library.calls.add).type.toBeCallableWith(1, { method: 'get' });
  expect(library.calls.add).type.not.toBeCallableWith(1, { method: 'got' });
});

test('testing: names, labels and results', () => {
  const { value } = testBridge(declared);
  expect(value('runs', labels)).type.toBe<Promise<number | undefined>>();
  expect(value).type.not.toBeCallableWith('rums');
  expect(value).type.not.toBeCallableWith('runs', { status: 'success' });
  expect(value).type.not.toBeCallableWith('heat', { status: 'success' });
});

test('processes are shared by a word or a directory, and kept in a directory alone', () => {
  expect(meterbridge).type.toBeCallableWith(declared, { processes: 'all' });
  expect(meterbridge).type.toBeCallableWith(declared, { processes: '/run/t' });
  expect(meterbridge).type.toBeCallableWith(declared, { processes: { directory: '/var/lib/t', keep: true } });
  expect(meterbridge).type.not.toBeCallableWith(declared, { processes: { directory: '/var/lib/t', keep: false } });
  expect(meterbridge).type.not.toBeCallableWith(declared, { processes: { directory: '/var/lib/t' } });
  expect(meterbridge).type.not.toBeCallableWith(declared, { processes: { keep: true } });
});
