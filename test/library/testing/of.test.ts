/** A bridge that a module has made for itself, and clocks that fake timers move. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { contract, counter, gauge, histogram, MeterbridgeError, meterbridge, oneOf } from '../../../src/index.ts';
import { dateClock, of, testBridge } from '../../../src/testing.ts';

const shop = contract('of_shop', {
  orders: counter({ help: 'h', labels: { payment: oneOf('card', 'invoice') } }),
  wait: histogram({ unit: 's', help: 'h', bounds: [1] }),
  level: gauge({ help: 'h', observed: true }),
});

test('of(bridge) reads and resets a bridge that a module made', async (t) => {
  const bridge = meterbridge(shop, { push: false, env: {} });
  t.after(() => bridge.close());
  const { value, reset } = of(bridge);
  bridge.metrics.level.observe(() => 4);
  bridge.metrics.orders.inc({ payment: 'card' });
  assert.equal(await value('orders', { payment: 'card' }), 1);
  assert.equal(await value('level'), 4);
  await assert.rejects(value('ordres' as 'orders', { payment: 'card' }), { code: 'METRIC_UNKNOWN' });
  reset();
  assert.equal(await value('orders', { payment: 'card' }), 0);
  assert.equal(await value('level'), 4);
});

test('of() refuses what is no bridge', () => {
  assert.throws(
    () => of({} as never),
    (error) => MeterbridgeError.is(error) && error.code === 'OPTION_INVALID',
  );
});

test("dateClock() follows node:test's fake Date", async (t) => {
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  t.after(() => mock.timers.reset());
  const { metrics, value } = testBridge(shop, { clock: dateClock() });
  const end = metrics.wait.startTimer();
  mock.timers.tick(2_500);
  assert.equal(end(), 2.5);
  assert.deepEqual(await value('wait'), { count: 1, sum: 2.5, counts: [0, 1] });
});

test('dateClock() can be advanced, too', () => {
  const clock = dateClock();
  const before = clock();
  clock.advance(60_000);
  assert.ok(clock() - before >= 60_000);
});
