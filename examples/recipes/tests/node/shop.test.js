import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { contract, counter, histogram } from 'meterbridge';
import { dateClock, testBridge } from 'meterbridge/testing';

const shop = contract('shop', {
  sold: counter({ help: 'Sold.' }),
  wait: histogram({ unit: 's', help: 'Wait.', bounds: [1, 10] }),
});

test('a sale counts', async () => {
  const { metrics, value } = testBridge(shop);
  metrics.sold.inc();
  assert.equal(await value('sold'), 1);
});

test('fake timers move the clock of a bridge that asks for it', async (t) => {
  mock.timers.enable({ apis: ['Date'] });
  t.after(() => mock.timers.reset());
  const { metrics, value } = testBridge(shop, { clock: dateClock() });
  const end = metrics.wait.startTimer();
  mock.timers.tick(2_500);
  end();
  assert.deepEqual(await value('wait'), { count: 1, sum: 2.5, counts: [0, 1, 0] });
});
