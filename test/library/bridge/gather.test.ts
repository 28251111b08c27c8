import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capped, contract, counter, gauge, histogram, meterbridge, oneOf } from '../../../src/index.ts';

const declared = contract('shop', {
  sold: counter({ unit: '{item}', help: 'Sold.', labels: { paid: oneOf('cash', 'card') } }),
  wait: histogram({ unit: 's', help: 'Waiting time.', bounds: [1, 5] }),
  open: gauge({ observed: true, help: 'Open tills.' }),
});

test('gather gives the families of a scrape, with labels and values', async () => {
  const bridge = meterbridge(declared, { isolated: true, push: false });
  bridge.metrics.sold.add(2, { paid: 'card' });
  bridge.metrics.wait.record(3);
  bridge.metrics.open.observe(() => 4);
  assert.deepEqual(await bridge.gather(), [
    {
      name: 'shop_sold_total',
      kind: 'counter',
      help: 'Sold.',
      samples: [
        { name: 'shop_sold_total', labels: [['paid', 'cash']], value: 0 },
        { name: 'shop_sold_total', labels: [['paid', 'card']], value: 2 },
      ],
    },
    {
      name: 'shop_wait_seconds',
      kind: 'histogram',
      help: 'Waiting time.',
      samples: [
        { name: 'shop_wait_seconds_bucket', labels: [['le', '1']], value: 0 },
        { name: 'shop_wait_seconds_bucket', labels: [['le', '5']], value: 1 },
        { name: 'shop_wait_seconds_bucket', labels: [['le', '+Inf']], value: 1 },
        { name: 'shop_wait_seconds_sum', labels: [], value: 3 },
        { name: 'shop_wait_seconds_count', labels: [], value: 1 },
      ],
    },
    { name: 'shop_open', kind: 'gauge', help: 'Open tills.', samples: [{ name: 'shop_open', labels: [], value: 4 }] },
  ]);
  await bridge.close();
});

test('gather gives texts with carriage returns as they were declared and recorded', async () => {
  const odd = contract('odd', { load: gauge({ help: 'One\rtwo\r', labels: { disk: capped() } }) });
  const bridge = meterbridge(odd, { isolated: true, push: false });
  bridge.metrics.load.set(1, { disk: 'x\ry\r' });
  const [family] = await bridge.gather();
  assert.deepEqual([family?.help, family?.samples[0]?.labels], ['One\rtwo\r', [['disk', 'x\ry\r']]]);
  await bridge.close();
});
