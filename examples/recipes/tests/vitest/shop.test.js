import { contract, counter, histogram } from 'meterbridge';
import { dateClock, testBridge } from 'meterbridge/testing';
import { expect, test, vi } from 'vitest';

const shop = contract('shop', {
  sold: counter({ help: 'Sold.' }),
  wait: histogram({ unit: 's', help: 'Wait.', bounds: [1, 10] }),
});

test('a sale counts', async () => {
  const { metrics, value } = testBridge(shop);
  metrics.sold.inc();
  expect(await value('sold')).toBe(1);
});

test('fake timers move the clock of a bridge that asks for it', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { metrics, value } = testBridge(shop, { clock: dateClock() });
  const end = metrics.wait.startTimer();
  vi.advanceTimersByTime(2_500);
  end();
  expect(await value('wait')).toEqual({ count: 1, sum: 2.5, counts: [0, 1, 0] });
  vi.useRealTimers();
});
