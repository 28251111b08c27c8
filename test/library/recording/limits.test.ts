import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, gauge, histogram, identity, oneOf, upDownCounter } from '../../../src/core/contract/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from './scraped.ts';

const task = identity({ limit: 2 });

test('a capped set: the first N values are shown, the rest adds up', async () => {
  const declared = contract('c', { hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 2, other: 'rest' }) } }) });
  const { metrics, bridge } = testBridge(declared);
  metrics.hits.add(1, { page: 'a' });
  metrics.hits.add(2, { page: 'b' });
  metrics.hits.add(5, { page: 'c' });
  metrics.hits.add(7, { page: 'd' });
  metrics.hits.add(10, { page: 'a' });
  assert.deepEqual(await scrapedOf(bridge, 'c_'), {
    'c_hits_total{page="a"}': 11,
    'c_hits_total{page="b"}': 2,
    'c_hits_total{page="rest"}': 12,
  });
  metrics.hits.remove({ page: 'a' });
  metrics.hits.add(1, { page: 'e' });
  assert.deepEqual(await scrapedOf(bridge, 'c_'), { 'c_hits_total{page="b"}': 2, 'c_hits_total{page="rest"}': 13 });
});

test('the fold value itself takes no place', async () => {
  const declared = contract('c', { hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 1 }) } }) });
  const { metrics, bridge } = testBridge(declared);
  metrics.hits.add(1, { page: 'other' });
  metrics.hits.add(2, { page: 'a' });
  metrics.hits.add(3, { page: 'b' });
  assert.deepEqual(await scrapedOf(bridge, 'c_'), { 'c_hits_total{page="a"}': 2, 'c_hits_total{page="other"}': 4 });
});

test('an identity beyond its limit folds for sums and histograms', async () => {
  const declared = contract('i', {
    runs: counter({ help: 'Runs.', labels: { task } }),
    waiting: upDownCounter({ help: 'Waiting.', labels: { task } }),
    time: histogram({ unit: 's', help: 'Time.', bounds: [1], labels: { task } }),
  });
  const { metrics, value } = testBridge(declared);
  for (const [at, name] of ['a', 'b', 'c', 'd'].entries()) {
    metrics.runs.add(at + 1, { task: name });
    metrics.waiting.add(at + 1, { task: name });
    metrics.time.record(at + 1, { task: name });
  }
  assert.equal(await value('runs', { task: 'other' }), 7);
  assert.equal(await value('waiting', { task: 'other' }), 7);
  assert.deepEqual(await value('time', { task: 'other' }), { count: 2, sum: 7, counts: [0, 2] });
});

for (const name of ['c', 'other']) {
  test(`an identity beyond its limit is refused for gauges: ${name}`, async () => {
    const declared = contract('i', { heat: gauge({ help: 'Heat.', labels: { task } }) });
    const { metrics, bridge } = testBridge(declared);
    for (const [at, each] of ['a', 'b', name].entries()) metrics.heat.set(at, { task: each });
    assert.deepEqual(await scrapedOf(bridge, 'i_'), { 'i_heat{task="a"}': 0, 'i_heat{task="b"}': 1 });
  });
}

test('a removed identity frees its place; one of its series is not all of it', async () => {
  const declared = contract('i', { runs: counter({ help: 'Runs.', labels: { task, status: oneOf('ok', 'bad') } }) });
  const { metrics, value } = testBridge(declared);
  metrics.runs.add(1, { task: 'a', status: 'ok' });
  metrics.runs.add(1, { task: 'a', status: 'bad' });
  metrics.runs.add(1, { task: 'b', status: 'ok' });
  metrics.runs.remove({ task: 'a', status: 'ok' });
  metrics.runs.add(1, { task: 'c', status: 'ok' });
  assert.equal(await value('runs', { task: 'c', status: 'ok' }), undefined, 'a still has a series');
  metrics.runs.remove({ task: 'a' });
  metrics.runs.add(4, { task: 'c', status: 'ok' });
  assert.equal(await value('runs', { task: 'c', status: 'ok' }), 4);
  assert.equal(await value('runs', { task: 'other', status: 'ok' }), 1);
});

test('observed: what folds adds up (5 and 7 are 12), and so does what differs in a dropped attribute only', async () => {
  const declared = contract('o', {
    used: gauge({ observed: true, help: 'Used.', labels: { disk: capped({ limit: 1 }) } }),
    read: counter({ observed: true, help: 'Read.', labels: { disk: identity({ limit: 5 }) } }),
  });
  const { metrics, bridge } = testBridge(declared);
  metrics.used.observe((o) => {
    o.set(1, { disk: 'a' });
    o.set(5, { disk: 'b' });
    o.set(7, { disk: 'c' });
  });
  metrics.read.observe((o) => {
    for (const [value, partition] of [5, 7].entries()) o.set(partition, { disk: 'a', partition: String(value) } as never);
  });
  const expected = { 'o_used{disk="a"}': 1, 'o_used{disk="other"}': 12, 'o_read_total{disk="a"}': 12 };
  for (const round of [1, 2, 3]) assert.deepEqual(await scrapedOf(bridge, 'o_'), expected, `round ${round}`);
});

test('observed: the same series said twice is said again, not added', async () => {
  const declared = contract('o', { used: gauge({ observed: true, help: 'Used.', labels: { disk: identity() } }) });
  const { metrics, value } = testBridge(declared);
  metrics.used.observe((o) => {
    o.set(5, { disk: 'a' });
    o.set(7, { disk: 'a' });
  });
  assert.equal(await value('used', { disk: 'a' }), 7);
});

test('observed: what is no longer reported frees its place in the same collection', async () => {
  const declared = contract('o', {
    used: gauge({ observed: true, help: 'Used.', labels: { disk: identity({ limit: 2 }) } }),
    read: counter({ observed: true, help: 'Read.', labels: { disk: identity({ limit: 2 }) } }),
  });
  const { metrics, bridge } = testBridge(declared);
  let disks = ['a', 'b'];
  bridge.observe([metrics.used, metrics.read], (o) => {
    for (const disk of disks) {
      o.set(metrics.used, 1, { disk });
      o.set(metrics.read, 1, { disk });
    }
  });
  await bridge.refresh();
  disks = ['c', 'b', 'd'];
  assert.deepEqual(await scrapedOf(bridge, 'o_'), {
    'o_used{disk="b"}': 1,
    'o_used{disk="c"}': 1,
    'o_read_total{disk="b"}': 1,
    'o_read_total{disk="c"}': 1,
    'o_read_total{disk="other"}': 1,
  });
});

test('observed: a run that failed takes no place of a capped set', async () => {
  const declared = contract('o', { used: gauge({ observed: true, help: 'Used.', labels: { disk: capped({ limit: 1 }) } }) });
  const { metrics, bridge } = testBridge(declared);
  let name = 'half read';
  metrics.used.observe((o) => {
    o.set(1, { disk: name });
    if (name === 'half read') throw new Error('broken');
  });
  await bridge.refresh();
  name = 'a';
  assert.deepEqual(await scrapedOf(bridge, 'o_'), { 'o_used{disk="a"}': 1 });
});

test('the first fold of a label is logged once', async () => {
  const declared = contract('c', {
    hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 1 }), user: identity({ limit: 1 }) } }),
  });
  const { metrics, log } = testBridge(declared);
  for (const page of ['a', 'b', 'c', 'd']) metrics.hits.add(1, { page, user: 'u' });
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^c_hits_total\{page\}: .*limit of 1 /);
  for (const user of ['v', 'w']) metrics.hits.add(1, { page: 'a', user });
  assert.equal(log.length, 2);
});

test('a log that throws costs no measurement', async () => {
  const declared = contract('c', { hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 1 }) } }) });
  const log = () => {
    throw new Error('disk full');
  };
  const { metrics, value } = testBridge(declared, { log });
  for (const page of ['a', 'b', 'c']) metrics.hits.add(1, { page });
  assert.equal(await value('hits', { page: 'other' }), 2);
});

// Ahead of the identity stand no, a few or many combinations of closed sets, or another identity: its values are looked up in
// different places.
const many = oneOf(...Array.from({ length: 17 }, (_, at) => `m${at}`));
const ahead = [
  ['nothing', {}],
  ['a closed set', { ahead: oneOf('m0', 'm1') }],
  ['a large closed set', { ahead: many }],
  ['another identity', { ahead: identity() }],
] as const;
for (const [name, labels] of ahead) {
  test(`an identity counts a value once and frees its place with its last series, behind ${name}`, async () => {
    const declared = contract('i', { heat: gauge({ help: 'Heat.', labels: { ...labels, task }, zeroFilled: false }) });
    const { metrics, bridge } = testBridge(declared);
    const heat = metrics.heat as unknown as { set(value: number, labels: object): void; remove(labels: object): void };
    const tasks = async () => {
      const lines = Object.keys(await scrapedOf(bridge, 'i_heat'));
      return [...new Set(lines.map((line) => /task="(\w)"/.exec(line)?.[1]))].sort().join('');
    };
    const set = (task: string) => {
      for (const value of ['m0', 'm1']) heat.set(1, 'ahead' in labels ? { ahead: value, task } : { task });
    };
    for (const each of ['a', 'b', 'c']) set(each);
    assert.equal(await tasks(), 'ab');
    if ('ahead' in labels) {
      heat.remove({ ahead: 'm0', task: 'a' });
      set('c');
      assert.equal(await tasks(), 'ab');
    }
    heat.remove({ task: 'a' });
    set('c');
    set('d');
    assert.equal(await tasks(), 'bc');
  });
}
