import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { capped, contract, counter, gauge, histogram, identity, MeterbridgeError, oneOf } from '../../../src/index.ts';
import { testBridge, testClock } from '../../../src/testing.ts';

const declared = contract('t', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('success', 'failed') } }),
  hits: counter({ help: 'Hits.', labels: { page: capped({ limit: 1 }) } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [1], labels: { task: identity({ limit: 1 }) } }),
  total: counter({ help: 'Total.' }),
  uptime: gauge({ observed: true, help: 'Uptime.' }),
});

test('the clock moves only when told', () => {
  const clock = testClock();
  assert.equal(clock(), Date.UTC(2026, 0, 1));
  clock.advance(1_500);
  assert.equal(clock(), Date.UTC(2026, 0, 1) + 1_500);
  assert.equal(testClock(7)(), 7);
});

test('value() reads one series, and runs callbacks for it', async () => {
  const { metrics, value } = testBridge(declared);
  let now = 1;
  metrics.uptime.observe(() => now);
  metrics.runs.add(2, { status: 'failed' });
  assert.equal(await value('runs', { status: 'failed' }), 2);
  assert.equal(await value('uptime'), 1);
  now = 2;
  assert.equal(await value('uptime'), 2);
});

const misspelt: readonly [string, string, object | undefined, RegExp][] = [
  ['a metric', 'rums', undefined, /value\("rums"\): got "rums"; the contract has no such metric. Fix: use one of: runs, hits, /],
  ['what every object has', 'toString', undefined, /no such metric/],
  ['a label', 'runs', { state: 'failed' }, /got "state"; the contract has no such label. Fix: use one of: status/],
  ['a label of a metric without labels', 'total', { status: 'failed' }, /use one of: \(none\)/],
  [
    'a label value',
    'runs',
    { status: 'fialed' },
    /got "fialed"; the contract has no such label value. Fix: use one of: success, failed/,
  ],
  ['a label left out', 'runs', undefined, /value\("runs"\)\.status: got nothing/],
];
for (const [name, metric, labels, message] of misspelt) {
  test(`a misspelt name fails: ${name}`, async () => {
    const { value } = testBridge(declared);
    const asked = (value as (metric: string, labels?: object) => Promise<unknown>)(metric, labels);
    await assert.rejects(
      asked,
      (error) => error instanceof MeterbridgeError && error.code === 'METRIC_UNKNOWN' && message.test(error.message),
    );
  });
}

test('reset() is a new bridge with the same callbacks and bindings', async () => {
  const { metrics, value, reset, bridge } = testBridge(declared);
  const library = bridge.register(contract('inner', { calls: counter({ help: 'Calls.' }) }));
  const bound = metrics.runs.bind({ status: 'failed' });
  const timed = metrics.time.bind({ task: 'a' });
  metrics.uptime.observe(() => 5);
  bound.add(3);
  timed.record(2);
  metrics.hits.add(1, { page: 'a' });
  metrics.hits.add(1, { page: 'b' });
  library.calls.add(1);
  await value('runs', { status: 'failed' });
  bound.add(4);
  reset();
  assert.equal(await value('runs', { status: 'failed' }), 0);
  assert.equal(await value('time', { task: 'a' }), undefined);
  assert.equal(await value('uptime'), 5);
  bound.add(1);
  timed.record(3);
  timed.record(3);
  metrics.hits.add(7, { page: 'b' });
  assert.equal(await value('runs', { status: 'failed' }), 1);
  assert.deepEqual(await value('time', { task: 'a' }), { count: 2, sum: 6, counts: [0, 2] });
  assert.equal(await value('hits', { page: 'b' }), 7, 'the places of a capped set are free again');
  assert.equal(await value('hits', { page: 'a' }), undefined);
});

test('no environment variable turns push on, and nothing is written to standard error', async () => {
  const { close, log, metrics } = testBridge(declared);
  for (const page of ['a', 'b']) metrics.hits.add(1, { page });
  assert.equal(log.length, 1);
  await close();
});

test('destructured methods work', async () => {
  const { metrics, refresh, value, reset, close } = testBridge(declared, { clock: testClock(0) });
  const { add } = metrics.total;
  add(2);
  await refresh();
  assert.equal(await value('total'), 2);
  reset();
  await close();
});

test('a listener in a thread waits for a test that keeps its loop busy', async (t) => {
  const { bridge, metrics, close } = testBridge(declared);
  t.after(close);
  metrics.uptime.observe(() => 7);
  const { address } = await bridge.listen('127.0.0.1:0', { thread: true });
  const socket = connect(address.port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', resolve));
  // Four times as long as an embedder's listener waits.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  assert.match(await text(socket), /^t_uptime 7$/m);
});
