/** One program's page in several formats: kept where they agree, and each way in which they can differ. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, info, oneOf } from '../../../../src/core/contract/index.ts';
import { compareFormats, holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { observe, short } from './pages.ts';

const text = `# HELP shop_wait_seconds Waiting.
# TYPE shop_wait_seconds gauge
shop_wait_seconds{area="garden"} 2
# HELP shop_orders_total Orders.
# TYPE shop_orders_total counter
shop_orders_total{status="paid"} 3
# HELP shop_build_info Version.
# TYPE shop_build_info gauge
shop_build_info{version="1"} 1
# HELP shop_empty Nothing.
# TYPE shop_empty gauge
`;
const openmetrics = `# HELP shop_wait_seconds Waiting.
# TYPE shop_wait_seconds gauge
# UNIT shop_wait_seconds seconds
shop_wait_seconds{area="garden"} 2.0
# HELP shop_orders Orders.
# TYPE shop_orders counter
shop_orders_total{status="paid"} 3.0
# HELP shop_build Version.
# TYPE shop_build info
shop_build_info{version="1"} 1.0
# EOF
`;

const shop = contract('shop', {
  wait: gauge({ unit: 's', help: 'Waiting.', labels: { area: oneOf('garden') } }),
  orders: counter({ help: 'Orders.', labels: { status: oneOf('paid') } }),
  buildInfo: info({ help: 'Version.', labels: { version: oneOf('1') } }),
});

const compare = async (other: string) => compareFormats([await observe(text), await observe(other, 'openmetrics')]).map(short);

test('the same page in both formats', async () => assert.deepEqual(await compare(openmetrics), []));

test('both keep the contract', async () => {
  const observed = await Promise.all([observe(text.replace(/# .* shop_empty.*\n/g, '')), observe(openmetrics, 'openmetrics')]);
  for (const each of observed) assert.deepEqual(holdToContract(each, shop).map(short), []);
});

for (const [name, from, to, expected] of [
  [
    'a family that one lacks',
    /# HELP shop_wait(.*\n)+(?=# HELP shop_orders)/,
    '',
    'formats-family | shop_wait_seconds | in text, not in openmetrics',
  ],
  [
    'another type',
    'TYPE shop_wait_seconds gauge',
    'TYPE shop_wait_seconds unknown',
    'formats-type | shop_wait_seconds | gauge in text, unknown in openmetrics',
  ],
  [
    'another help',
    'HELP shop_orders Orders.',
    'HELP shop_orders Or.',
    'formats-help | shop_orders_total | "Orders." in text, "Or." in openmetrics',
  ],
  ['a label that one lacks', '{area="garden"}', '', 'formats-labels | shop_wait_seconds | area | in text, not in openmetrics'],
  [
    'a label that the other lacks',
    '{area="garden"}',
    '{area="garden",by="x"}',
    'formats-labels | shop_wait_seconds | by | in openmetrics, not in text',
  ],
  [
    'a series more, which is a note',
    '{status="paid"} 3.0',
    '{status="paid"} 3.0\nshop_orders_total{status="failed"} 1.0',
    'formats-series | shop_orders_total | 1 series in text, 2 in openmetrics',
  ],
] as const) {
  test(`finds ${name}`, async () => {
    const other = openmetrics.replace(from, to);
    assert.notEqual(other, openmetrics);
    assert.deepEqual(await compare(other), [expected]);
  });
}

test('a family that only the second has', async () => {
  const other = openmetrics.replace('# EOF', '# HELP shop_new New.\n# TYPE shop_new gauge\nshop_new 1.0\n# EOF');
  assert.deepEqual(await compare(other), ['formats-family | shop_new | in openmetrics, not in text']);
});

test('another unit breaks the contract', async () => {
  const other = openmetrics.replaceAll('_seconds', '_hours').replace('_hours seconds', '_hours hours');
  const hours = contract('shop', {
    wait: gauge({ series: 'shop_wait_hours', verbatim: true, unit: 's', help: 'Waiting.', labels: { area: oneOf('garden') } }),
  });
  const [unit] = holdToContract(await observe(other, 'openmetrics'), hours).map(short);
  assert.equal(unit, 'contract-unit | shop_wait_hours | shop.metrics.wait.unit | "hours"');
});

test('one page has nothing to compare with', async () => assert.deepEqual(compareFormats([await observe(text)]), []));
