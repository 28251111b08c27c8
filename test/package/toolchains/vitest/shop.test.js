import { contract, counter } from 'meterbridge';
import { testBridge } from 'meterbridge/testing';
import { expect, test } from 'vitest';

test('a sale counts', async () => {
  const { metrics, value } = testBridge(contract('shop', { sold: counter({ help: 'Sold.' }) }));
  metrics.sold.add(1);
  expect(await value('sold')).toBe(1);
});
