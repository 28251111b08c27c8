/**
 * A summary that text 0.0.4 shows as two counters: typed by hand, after "Grouping and sorting" of the text format and "Summary"
 * of OpenMetrics 1.0.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, parameter, summary } from '../../../../src/core/contract/index.ts';
import { createStore, type FamilySpec } from '../../../../src/core/store/index.ts';
import { createRenderer } from '../../../../src/formats/exposition/index.ts';
import { testBridge } from '../../../../src/testing.ts';
import { scrape } from '../../../instrumentation/golden.ts';

const counters = { sum: 'Sum of\nwaits.', count: 'Waits \\ all.' };
const shop = contract(
  'shop',
  {
    orders: counter({ help: 'Orders.' }),
    wait: summary({ unit: 's', help: 'Waits.', counters, zeroFilled: true }),
    last: gauge({ help: 'Last.' }),
  },
  { constantLabels: { host: parameter('a') } },
);

const text = `# HELP shop_orders_total Orders.
# TYPE shop_orders_total counter
shop_orders_total{host="a"} 0
# HELP shop_wait_seconds_sum Sum of\\nwaits.
# TYPE shop_wait_seconds_sum counter
shop_wait_seconds_sum{host="a"} 1.5
# HELP shop_wait_seconds_count Waits \\\\ all.
# TYPE shop_wait_seconds_count counter
shop_wait_seconds_count{host="a"} 2
# HELP shop_last Last.
# TYPE shop_last gauge
`;
const openMetrics = `# TYPE shop_orders counter
# HELP shop_orders Orders.
shop_orders_total{host="a"} 0
# TYPE shop_wait_seconds summary
# UNIT shop_wait_seconds seconds
# HELP shop_wait_seconds Waits.
shop_wait_seconds_sum{host="a"} 1.5
shop_wait_seconds_count{host="a"} 2
# TYPE shop_last gauge
# HELP shop_last Last.
# EOF
`;

test('two counters with their own HELP and TYPE in text, and one summary in OpenMetrics', async () => {
  const { bridge, metrics } = testBridge(shop);
  metrics.wait.record(0.5);
  metrics.wait.record(1);
  assert.equal((await scrape(bridge)).text, text);
  assert.equal((await scrape(bridge, 'application/openmetrics-text;version=1.0.0')).text, openMetrics);
});

test('without a value, HELP and TYPE of the first', async () => {
  const { bridge } = testBridge(
    contract('shop', { wait: summary({ help: 'Waits.', counters: { sum: 'Sum.', count: 'Count.' } }) }),
  );
  assert.equal((await scrape(bridge)).text, '# HELP shop_wait_sum Sum.\n# TYPE shop_wait_sum counter\n');
});

test('its bytes are counted to the last one', async () => {
  const store = createStore();
  const base: FamilySpec = { name: 'w', kind: 'summary', unit: '', help: 'W.', labels: [], maxAgeMs: Number.POSITIVE_INFINITY };
  const family = store
    .source({ scope: { name: '' } })
    .family({ ...base, counters: { sum: 'S.', count: 'C.'.repeat(3_000) } }, true);
  family.cells.set([3, 4.5], family.row({ values: [] }, 0) * family.stride);
  const written = await createRenderer(store.view).render('text', { maxBytes: 1e6 });
  const bytes = written.tooLarge === true ? 0 : written.body.length;
  assert.equal(
    bytes,
    Buffer.byteLength(
      `# HELP w_sum S.\n# TYPE w_sum counter\nw_sum 4.5\n# HELP w_count ${'C.'.repeat(3_000)}\n# TYPE w_count counter\nw_count 3\n`,
    ),
  );
  const fits = async (maxBytes: number) => {
    const result = await createRenderer(store.view).render('text', { maxBytes });
    return result.tooLarge !== true && result.omitted.length === 0;
  };
  assert.deepEqual([await fits(bytes), await fits(bytes - 1)], [true, false]);
});
