/**
 * The machine's clock is set back by an hour: what is served beyond its time is left out all the same, and nothing has an age
 * below 0.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { contract, gauge, meterbridge } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';

const maxAgeMs = 200;
const declared = contract('c', { seen: gauge({ observed: true, help: 'Seen.' }) }, { maxAgeMs });
const anHour = 3_600_000;

/** The machine's clock, and what sets it back. Ahead of everything, because whoever wants a clock keeps the function. */
function machineClock(t: TestContext): () => void {
  const real = Date.now.bind(Date);
  let back = 0;
  t.mock.method(Date, 'now', () => real() - back);
  return () => {
    back = anHour;
  };
}

/** A bridge whose one callback has succeeded once and fails since. */
async function open(t: TestContext, more: Parameters<typeof meterbridge>[1] = {}) {
  const setBack = machineClock(t);
  const bridge = meterbridge(declared, { isolated: true, env: {}, log: () => {}, ...more });
  t.after(() => bridge.close());
  let fails = false;
  bridge.metrics.seen.observe(() => {
    if (fails) throw new Error('no more');
    return 7;
  });
  await bridge.refresh();
  fails = true;
  return { bridge, setBack };
}

for (const thread of [false, true]) {
  test(`a scrape${thread ? ' of a listener in a thread' : ''} leaves out what is too old`, async (t) => {
    const { bridge, setBack } = await open(t);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    setBack();
    await sleep(maxAgeMs * 2);
    assert.doesNotMatch(await (await fetch(url)).text(), /^c_seen/m);
  });
}

test('a reader of the producer is not given what is too old', async (t) => {
  const {
    bridge: { producer },
    setBack,
  } = await open(t);
  assert.equal((await producer.collect()).resourceMetrics.scopeMetrics.length, 1);
  setBack();
  await sleep(maxAgeMs * 2);
  assert.deepEqual((await producer.collect()).resourceMetrics.scopeMetrics, []);
});

test('the age of a collection is not below 0', async (t) => {
  const { bridge, setBack } = await open(t, { selfMetrics: true });
  setBack();
  await sleep(maxAgeMs * 2);
  const families = await bridge.gather();
  const ages = families.flatMap(({ name, samples }) => (name === 'meterbridge_collection_age_seconds' ? samples : []));
  assert.equal(ages.length, 1);
  assert.ok(
    ages.every(({ value }) => value >= maxAgeMs / 1_000 && value < anHour / 1_000),
    JSON.stringify(ages),
  );
});

test('of a clock that is handed in, steps back are left out, and what follows counts', async () => {
  const { metrics, bridge, clock, value } = testBridge(declared, { selfMetrics: true });
  let fails = false;
  metrics.seen.observe(() => {
    if (fails) throw new Error('no more');
    return 7;
  });
  await bridge.refresh();
  fails = true;
  clock.advance(-anHour);
  assert.equal(await value('seen'), 7);
  clock.advance(maxAgeMs);
  assert.equal(await value('seen'), 7);
  clock.advance(1);
  assert.equal(await value('seen'), undefined);
});
