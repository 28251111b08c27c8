import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, oneOf } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from '../recording/scraped.ts';

const declared = contract('f', {
  runs: counter({ help: 'Runs.', labels: { status: oneOf('ok', 'bad') } }),
  uptime: gauge({ observed: true, help: 'Uptime.' }),
});

function counting() {
  const opened = testBridge(declared);
  const calls = { count: 0 };
  opened.metrics.uptime.observe(async () => {
    calls.count += 1;
    return calls.count;
  });
  return { ...opened, calls };
}

test('readers that ask at the same time share one collection', async () => {
  const { bridge, calls } = counting();
  const [one, two] = await Promise.all([
    scrapedOf(bridge, 'f_up'),
    scrapedOf(bridge, 'f_up'),
    bridge.producer.collect(),
    bridge.refresh(),
  ]);
  assert.equal(calls.count, 1);
  assert.deepEqual([one, two], [{ f_uptime: 1 }, { f_uptime: 1 }]);
});

test('two collections in a row run the callbacks twice', async () => {
  const { bridge, calls } = counting();
  assert.deepEqual(await scrapedOf(bridge, 'f_up'), { f_uptime: 1 });
  assert.deepEqual(await scrapedOf(bridge, 'f_up'), { f_uptime: 2 });
  await bridge.producer.collect();
  assert.equal(calls.count, 3);
});

test('nothing is collected after close, and recording is still harmless', async () => {
  const { bridge, metrics, calls, log } = counting();
  await bridge.close();
  await bridge.close();
  metrics.runs.add(1, { status: 'ok' });
  await bridge.refresh();
  assert.equal(calls.count, 0);
  assert.equal(log.length, 1, 'the measurement that is lost');
});

test('without push, a flush says that nothing was pushed', async () => {
  const { bridge } = counting();
  assert.equal(await bridge.flush(), false);
});

test('close ends the listener and forgets the port', async (t) => {
  const { bridge } = counting();
  t.after(bridge.close);
  const listener = await bridge.listen('127.0.0.1:0');
  const answer = await fetch(listener.url);
  assert.match(await answer.text(), /^f_uptime 1$/m);
  await bridge.close();
  await assert.rejects(fetch(listener.url));
});

test('pull and push show the same', async () => {
  const { bridge, metrics } = counting();
  metrics.runs.add(3, { status: 'ok' });
  const pulled = await scrapedOf(bridge, 'f_runs');
  const { resourceMetrics } = await bridge.producer.collect();
  const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
  const pushed = points.map(({ attributes, value }) => [`f_runs_total{status="${attributes.status}"}`, value]);
  assert.deepEqual(Object.fromEntries(pushed), pulled);
});
