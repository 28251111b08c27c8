import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { contract, counter, gauge, histogram, identity, oneOf, summary } from '../../../../src/core/contract/index.ts';
import { MeterbridgeError } from '../../../../src/core/errors/error.ts';
import { testBridge } from '../../../../src/testing.ts';
import { until } from '../../../until.ts';
import { scrapedOf } from '../scraped.ts';

const disk = identity({ limit: 10 });
const declared = contract('o', {
  used: gauge({ observed: true, help: 'Used.', labels: { disk } }),
  read: counter({ observed: true, help: 'Read.', labels: { disk } }),
  time: histogram({ observed: true, unit: 's', help: 'Time.', bounds: [1], labels: { disk } }),
  size: summary({ observed: true, help: 'Size.', labels: { disk } }),
  uptime: gauge({ observed: true, unit: 's', help: 'Uptime.' }),
  heat: gauge({ help: 'Heat.' }),
});

function misuse(got: RegExp) {
  return (error: unknown) => error instanceof MeterbridgeError && error.code === 'OBSERVE_MISUSE' && got.test(error.message);
}

test('what a callback does not observe is gone', async () => {
  const { metrics, bridge } = testBridge(declared);
  let disks = ['a', 'b', 'c'];
  metrics.used.observe((o) => {
    for (const [at, disk] of disks.entries()) o.set(at, { disk });
  });
  assert.deepEqual(await scrapedOf(bridge, 'o_used'), { 'o_used{disk="a"}': 0, 'o_used{disk="b"}': 1, 'o_used{disk="c"}': 2 });
  disks = ['c'];
  assert.deepEqual(await scrapedOf(bridge, 'o_used'), { 'o_used{disk="c"}': 0 });
  disks = [];
  assert.deepEqual(await scrapedOf(bridge, 'o_used'), {});
  disks = ['a'];
  assert.deepEqual(await scrapedOf(bridge, 'o_used'), { 'o_used{disk="a"}': 0 });
});

for (const unknown of [undefined, Promise.resolve(undefined)]) {
  test(`a value that is unknown is absent, not 0: ${unknown === undefined ? 'at once' : 'later'}`, async () => {
    const { metrics, value } = testBridge(declared);
    let known = true;
    metrics.uptime.observe(() => (known ? 3 : unknown));
    assert.equal(await value('uptime'), 3);
    known = false;
    assert.equal(await value('uptime'), undefined);
  });
}

test('a failing callback touches only its own families: their last values stay, grow old, and are left out', async () => {
  const { metrics, value, clock, log } = testBridge(declared);
  let broken = false;
  metrics.used.observe((o) => {
    o.set(broken ? 99 : 1, { disk: 'a' });
    if (broken) throw new Error('no such\ndevice');
  });
  metrics.uptime.observe(() => 7);
  assert.equal(await value('used', { disk: 'a' }), 1);
  broken = true;
  clock.advance(60_000);
  assert.equal(await value('used', { disk: 'a' }), 1, '60 s old');
  assert.equal(await value('uptime'), 7);
  clock.advance(1);
  assert.equal(await value('used', { disk: 'a' }), undefined, 'too old');
  assert.equal(await value('uptime'), 7);
  assert.equal(log.length, 1, 'one line a change');
  assert.match(log[0] ?? '', /^o_used: collection failed \(Error: no such device, at /);
  broken = false;
  assert.equal(await value('used', { disk: 'a' }), 1);
  assert.deepEqual(log.slice(1), ['o_used: collected again']);
});

test("the age is the contract's", async () => {
  const declared = contract('o', { uptime: gauge({ observed: true, help: 'Uptime.' }) }, { maxAgeMs: Number.POSITIVE_INFINITY });
  const { metrics, value, clock } = testBridge(declared);
  assert.equal(await value('uptime'), undefined, 'never observed');
  let broken = false;
  metrics.uptime.observe(() => (broken ? Promise.reject(new Error('broken')) : 3));
  await value('uptime');
  broken = true;
  clock.advance(1e12);
  assert.equal(await value('uptime'), 3);
});

test('one failure behind several metrics keeps all of them', async () => {
  const { metrics, bridge, value } = testBridge(declared);
  let round = 1;
  bridge.observe([metrics.used, metrics.read], (o) => {
    o.set(metrics.used, round, { disk: 'a' });
    if (round === 2) throw new Error('half way');
    o.set(metrics.read, round, { disk: 'a' });
  });
  assert.equal(await value('used', { disk: 'a' }), 1);
  round = 2;
  assert.equal(await value('used', { disk: 'a' }), 1);
  assert.equal(await value('read', { disk: 'a' }), 1);
});

for (const [name, thrown] of Object.entries({ nothing: undefined, 'an object without text': Object.create(null), text: 'x' })) {
  test(`a callback may throw ${name}`, async () => {
    const { metrics, bridge, log } = testBridge(declared);
    metrics.uptime.observe(() => {
      throw thrown;
    });
    await bridge.refresh();
    assert.equal(log.length, 1);
  });
}

test('a late callback is not started twice, what it reads is shown when it comes, and nothing else waits for it', async () => {
  const { metrics, bridge, value, log } = testBridge(declared, { callbackTimeoutMs: 5 });
  let started = 0;
  let release = () => {};
  let aborted = () => false;
  metrics.used.observe(async (o, signal) => {
    started += 1;
    aborted = () => signal.aborted;
    if (started === 1) return o.set(1, { disk: 'a' });
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    o.set(2, { disk: 'a' });
  });
  metrics.uptime.observe(() => 7);
  assert.equal(await value('used', { disk: 'a' }), 1);
  assert.equal(await value('used', { disk: 'a' }), 1);
  assert.equal(await value('uptime'), 7);
  assert.equal(started, 2);
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^o_used: collection late/);
  await until('told so', aborted);
  release();
  await setImmediate();
  assert.equal(await scrapedOnly(bridge), 2);
  assert.equal(started, 3, 'it has ended, so it is started again');
  release();
});

async function scrapedOnly(bridge: Parameters<typeof scrapedOf>[0]): Promise<number | undefined> {
  return (await scrapedOf(bridge, 'o_used'))['o_used{disk="a"}'];
}

test('what is set after the callback has returned is ignored', async () => {
  const { metrics, value } = testBridge(declared);
  let late = () => {};
  metrics.used.observe((o) => {
    o.set(1, { disk: 'a' });
    late = () => o.set(2, { disk: 'b' });
  });
  await value('used', { disk: 'a' });
  late();
  assert.equal(await value('used', { disk: 'b' }), undefined);
});

const falls = [
  { name: 'read', before: 5, after: 3, fell: true },
  { name: 'read', before: 5, after: 5, fell: false },
  { name: 'read', before: 5, after: 8, fell: false },
  { name: 'used', before: 5, after: 3, fell: false },
  { name: 'time', before: { counts: [2, 1], sum: 4 }, after: { counts: [1, 2], sum: 6 }, fell: true },
  { name: 'time', before: { counts: [2, 1], sum: 4 }, after: { counts: [2, 1], sum: 3 }, fell: true },
  { name: 'time', before: { counts: [2, 1], sum: 4 }, after: { counts: [2, 2], sum: 6 }, fell: false },
  { name: 'size', before: { count: 2, sum: 4 }, after: { count: 1, sum: 4 }, fell: true },
  { name: 'size', before: { count: 2, sum: 4 }, after: { count: 3, sum: 5 }, fell: false },
] as const;
for (const { name, before, after, fell } of falls) {
  test(`${name}: from ${JSON.stringify(before)} to ${JSON.stringify(after)} ${fell ? 'is a new start' : 'is not a new start'}`, async () => {
    const { metrics, bridge, clock } = testBridge(declared);
    let value: unknown = before;
    (metrics[name] as { observe(callback: (o: { set(value: unknown, labels: object): void }) => void): unknown }).observe((o) => {
      o.set(value, { disk: 'a' });
    });
    const start = async () => {
      const { resourceMetrics } = await bridge.producer.collect();
      return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.startTime[0];
    };
    const first = await start();
    clock.advance(30_000);
    value = after;
    assert.equal(await start(), fell ? (first ?? 0) + 30 : first);
  });
}

test('a fold keeps its start while it is reported', async () => {
  const declared = contract('o', { read: counter({ observed: true, help: 'Read.', labels: { disk: identity({ limit: 1 }) } }) });
  const { metrics, bridge, clock } = testBridge(declared);
  metrics.read.observe((o) => {
    for (const disk of ['a', 'b', 'c']) o.set(1, { disk });
  });
  const starts = async () => {
    const { resourceMetrics } = await bridge.producer.collect();
    return resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints.map(({ startTime }) => startTime[0]);
  };
  const first = await starts();
  clock.advance(30_000);
  assert.deepEqual(await starts(), first);
});

test('detached: its values are gone, and another callback may come', async () => {
  const { metrics, value } = testBridge(declared);
  const detach = metrics.used.observe((o) => o.set(1, { disk: 'a' }));
  assert.equal(await value('used', { disk: 'a' }), 1);
  detach();
  assert.equal(await value('used', { disk: 'a' }), undefined);
  metrics.used.observe((o) => o.set(2, { disk: 'a' }));
  detach();
  assert.equal(await value('used', { disk: 'a' }), 2, 'detaching twice does not detach somebody else');
  assert.throws(() => metrics.used.observe(() => {}), misuse(/o_used: got a second callback/));
});

test('detached while it runs: what it says is ignored', async () => {
  const { metrics, value } = testBridge(declared);
  let detach = () => {};
  detach = metrics.used.observe(async (o) => {
    o.set(1, { disk: 'a' });
    detach();
  });
  assert.equal(await value('used', { disk: 'a' }), undefined);
});

const misuses: readonly [string, RegExp, (open: ReturnType<typeof testBridge<typeof declared>>) => void][] = [
  ['two callbacks', /o_used: got a second callback/, ({ metrics }) => [1, 2].map(() => metrics.used.observe(() => {}))],
  [
    'a metric alone and in a group',
    /o_used: got a second callback/,
    ({ metrics, bridge }) => {
      metrics.used.observe(() => {});
      bridge.observe([metrics.read, metrics.used], () => {});
    },
  ],
  ['a recorded metric', /target 0: got something/, ({ metrics, bridge }) => bridge.observe([metrics.heat as never], () => {})],
  ['no metric', /target 0: got something/, ({ bridge }) => bridge.observe([undefined as never], () => {})],
  ['no function', /o_used: observe: got undefined/, ({ metrics }) => metrics.used.observe(undefined as never)],
  ['no function of a group', /bridge.observe: got string/, ({ metrics, bridge }) => bridge.observe([metrics.used], 'x' as never)],
];
for (const [name, message, misusing] of misuses) {
  test(`OBSERVE_MISUSE: ${name}`, () => {
    assert.throws(() => misusing(testBridge(declared)), misuse(message));
  });
}

test('a refused attachment attaches nothing', () => {
  const { metrics, bridge } = testBridge(declared);
  metrics.used.observe(() => {});
  assert.throws(() => bridge.observe([metrics.read, metrics.used], () => {}));
  metrics.read.observe(() => {});
});

test('a group may report only its own metrics', async () => {
  const { metrics, bridge, value } = testBridge(declared);
  bridge.observe([metrics.used], (o) => {
    o.set(metrics.used, 1, { disk: 'a' });
    o.set(metrics.uptime, 2);
  });
  assert.equal(await value('used', { disk: 'a' }), 1);
  assert.equal(await value('uptime'), undefined);
});

const noSum = { counts: [1, 1], sum: Number.NaN };
for (const bad of [{ counts: [1], sum: 1 }, { counts: [1, -1], sum: 1 }, noSum, 5, null, { sum: 1 }]) {
  test(`an observed histogram refuses ${JSON.stringify(bad)}`, async () => {
    const { metrics, value } = testBridge(declared);
    metrics.time.observe((o) => o.set(bad as never, { disk: 'a' }));
    assert.equal(await value('time', { disk: 'a' }), undefined);
  });
}

test('values that were handed in are copied', async () => {
  const { metrics, value } = testBridge(declared);
  const labels = { disk: 'a' };
  const time = { counts: [1, 2], sum: 5 };
  metrics.time.observe(async (o) => {
    o.set(time, labels);
    labels.disk = 'b';
    time.counts[0] = 9;
  });
  assert.deepEqual(await value('time', { disk: 'a' }), { count: 3, sum: 5, counts: [1, 2] });
});

test('labels of a value that is returned are not asked for', async () => {
  const declared = contract('o', { used: gauge({ observed: true, help: 'Used.', labels: { state: oneOf('on') } }) });
  const { metrics, value, bridge } = testBridge(declared, { selfMetrics: true });
  metrics.used.observe(((o: { set(value: number, labels: object): void }) =>
    [1].map((each) => o.set(each, { state: 'on' }))) as never);
  assert.equal(await value('used', { state: 'on' }), 1);
  const refused = await scrapedOf(bridge, 'meterbridge_measurements_refused');
  assert.deepEqual(
    Object.values(refused).filter((count) => count > 0),
    [],
  );
});
