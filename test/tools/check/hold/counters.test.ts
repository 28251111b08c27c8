/** A summary that a contract says is two counters in text 0.0.4. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, summary } from '../../../../src/core/contract/index.ts';
import { compareFormats, holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { observe, short } from './pages.ts';

const counters = { sum: 'Sum of waits.', count: 'Waits.' };
const shop = contract('shop', { wait: summary({ unit: 's', help: 'Time waited.', counters, zeroFilled: true }) });
const place = 'shop.metrics.wait';

const half = (name: string, help: string, type = 'counter') => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} 1\n`;
const sum = half('shop_wait_seconds_sum', counters.sum);
const count = half('shop_wait_seconds_count', counters.count);
const whole =
  '# HELP shop_wait_seconds Time waited.\n# TYPE shop_wait_seconds summary\nshop_wait_seconds_sum 1\nshop_wait_seconds_count 1\n';
const openMetrics = `${whole.replace('# TYPE shop_wait_seconds summary\n', '# TYPE shop_wait_seconds summary\n# UNIT shop_wait_seconds seconds\n')}# EOF\n`;

const cases: readonly (readonly [what: string, page: string, found: readonly string[]])[] = [
  ['two counters', sum + count, []],
  ['in the other order', count + sum, []],
  [
    'another help of one',
    sum + half('shop_wait_seconds_count', 'All.'),
    [`contract-help | shop_wait_seconds | ${place}.counters.count | "All."`],
  ],
  ['a summary', whole, [`contract-summary-counters | shop_wait_seconds | ${place}.counters | a summary`]],
  [
    'one of them',
    sum,
    [
      `contract-family-missing | shop_wait_seconds | ${place} | no such family`,
      'contract-family-unknown | shop_wait_seconds_sum | shop.metrics | shop_wait_seconds_sum',
    ],
  ],
  [
    'gauges',
    half('shop_wait_seconds_sum', counters.sum, 'gauge') + count,
    [
      `contract-family-missing | shop_wait_seconds | ${place} | no such family`,
      'contract-family-unknown | shop_wait_seconds_sum | shop.metrics | shop_wait_seconds_sum',
      'contract-family-unknown | shop_wait_seconds_count | shop.metrics | shop_wait_seconds_count',
    ],
  ],
];

for (const [what, page, found] of cases) {
  test(`text: ${what}`, async () => assert.deepEqual(holdToContract(await observe(page), shop).map(short), found));
}

test('OpenMetrics has the summary, and both formats show the same', async () => {
  const [text, open] = [await observe(sum + count), await observe(openMetrics, 'openmetrics')];
  assert.deepEqual(holdToContract(open, shop), []);
  for (const pages of [
    [text, open],
    [open, text],
  ])
    assert.deepEqual(compareFormats(pages).map(short), []);
});

test('another program may not show counters for its summary', async () => {
  const plain = contract('shop', { wait: summary({ unit: 's', help: 'Time waited.', zeroFilled: true }) });
  assert.equal(holdToContract(await observe(sum + count), plain).length, 3);
});
