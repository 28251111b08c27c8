/** A page that keeps its contract; then one thing of it is broken at a time, and the finding names it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge } from '../../../../src/core/contract/index.ts';
import { holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { observe, short } from './pages.ts';
import { page, shop } from './shop.ts';

const findingsOf = async (text: string) => holdToContract(await observe(text), shop).map(short);

test('a page that keeps its contract has no finding', async () => assert.deepEqual(await findingsOf(page), []));

/** Without the families. */
function without(...names: string[]): string {
  return page
    .split('\n')
    .filter((line) => !names.some((name) => new RegExp(`^(# \\w+ )?${name}(_bucket|_sum|_count)?[ {]`).test(line)))
    .join('\n');
}

const orders = 'shop.metrics.orders';
const rename = (from: string, to: string) => page.replaceAll(from, to);
const line = (from: string, to: string) => {
  assert.equal(page.split(from).length, 2, `${from} is there once`);
  return page.replace(from, to);
};

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a zero-filled counter with another name',
    rename('shop_orders_total', 'shop_order_total'),
    [
      `contract-family-missing | shop_orders_total | ${orders} | no such family`,
      'contract-family-unknown | shop_order_total | shop.metrics | shop_order_total',
    ],
  ],
  [
    'a zero-filled counter that is absent',
    without('shop_orders_total'),
    [`contract-family-missing | shop_orders_total | ${orders} | no such family`],
  ],
  [
    'a metric omitted as declared',
    without('shop_last_failure_seconds'),
    ['contract-family-absent | shop_last_failure_seconds | shop.metrics.lastFailure | no such family'],
  ],
  [
    'a metric that is not zero-filled, absent',
    without('shop_tables'),
    ['contract-family-absent | shop_tables | shop.metrics.tables | no such family'],
  ],
  [
    'an observed zero-filled gauge without series',
    page.replace(/shop_open\{.*\n/g, ''),
    ['contract-family-empty | shop_open | shop.metrics.open | a family without series'],
  ],
  [
    'a recorded zero-filled counter without series',
    page.replace(/shop_orders_total\{.*\n/g, ''),
    [`contract-family-missing | shop_orders_total | ${orders} | a family without series`],
  ],
  [
    'another family with the prefix',
    `${page}# TYPE shop_new gauge\nshop_new 1\n`,
    ['contract-family-unknown | shop_new | shop.metrics | shop_new'],
  ],
  ['another family without the prefix', `${page}# TYPE shopping gauge\nshopping 1\n`, []],
  [
    'another type',
    line('# TYPE shop_orders_total counter', '# TYPE shop_orders_total gauge'),
    [`contract-type | shop_orders_total | ${orders} | gauge`],
  ],
  ['no type', line('# TYPE shop_waiting gauge\n', ''), ['contract-type | shop_waiting | shop.metrics.waiting | no type']],
  [
    'another help',
    line('# HELP shop_tables Guests by table.', '# HELP shop_tables Guests.'),
    ['contract-help | shop_tables | shop.metrics.tables.help | "Guests."'],
  ],
  ['no help', line('# HELP shop_load Load.\n', ''), ['contract-help | shop_load | shop.metrics.load.help | no help']],
  [
    'another label',
    line('shop_tables{table="2"}', 'shop_tables{table="2",guest="x"}'),
    ['contract-label-unknown | shop_tables | guest | shop.metrics.tables.labels | "x"'],
  ],
  [
    'a label with another name',
    rename('table="', 'desk="'),
    [
      'contract-label-unknown | shop_tables | desk | shop.metrics.tables.labels | "1", "2"',
      'contract-label-missing | shop_tables | table | shop.metrics.tables.labels.table | 2 of 2 series without it',
    ],
  ],
  [
    'a label that one series lacks',
    line('shop_tables{table="2"}', 'shop_tables{area="garden"}'),
    ['contract-label-missing | shop_tables | table | shop.metrics.tables.labels.table | 1 of 2 series without it'],
  ],
  ['an optional label that no series has', line(',area="garden"', ''), []],
  [
    'a value outside its set',
    page.replaceAll('status="failed"', 'status="broken"'),
    [
      `contract-value | shop_orders_total | status | ${orders}.labels.status | "broken"`,
      `contract-zero-missing | shop_orders_total | status | ${orders}.labels.status | no series with "failed"`,
    ],
  ],
  [
    'a combination that is missing',
    line('shop_orders_total{status="failed",channel="phone"} 0\n', ''),
    [`contract-zero-missing | shop_orders_total | ${orders} | 3 series`],
  ],
  ['another bound', line('le="5"', 'le="6"'), ['contract-bounds | shop_serving_seconds | shop.metrics.serving.bounds | 1, 6']],
  [
    'a bound that is missing',
    line('shop_serving_seconds_bucket{site="north",le="5"} 2\n', ''),
    ['contract-bounds | shop_serving_seconds | shop.metrics.serving.bounds | 1'],
  ],
  [
    'a constant label with another value',
    rename('site="north"', 'site="south"'),
    ['contract-constant-label | shop_serving_seconds | site | shop.metrics.serving.constantLabels.site | "south"'],
  ],
  [
    'a constant label that is missing',
    rename('site="north",', '').replaceAll('{site="north"}', ''),
    [
      'contract-constant-label | shop_serving_seconds | site | shop.metrics.serving.constantLabels.site | 1 of 1 series without it',
    ],
  ],
  [
    'another quantile',
    line('quantile="0.9"', 'quantile="0.99"'),
    ['contract-quantiles | shop_latency_seconds | shop.metrics.latency.quantiles | 0.5, 0.99'],
  ],
  [
    '80 % of a limit',
    line('shop_tables{table="2"} 1', 'shop_tables{table="2"} 1\nshop_tables{table="3"} 1\nshop_tables{table="4"} 1'),
    ['contract-limit-near | shop_tables | table | shop.metrics.tables.labels.table.limit | 4 values'],
  ],
  [
    'more than a limit',
    line('shop_waiting{party="a"} 1', 'shop_waiting{party="a"} 1\nshop_waiting{party="b"} 1\nshop_waiting{party="c"} 1'),
    ['contract-limit | shop_waiting | party | shop.metrics.waiting.labels.party.limit | 3 values'],
  ],
  [
    'a limit and the fold, which is as declared',
    line('shop_waiting{party="a"} 1', 'shop_waiting{party="a"} 1\nshop_waiting{party="b"} 1\nshop_waiting{party="other"} 1'),
    ['contract-folded | shop_waiting | party | shop.metrics.waiting.labels.party.limit | 2 values, and other'],
  ],
  [
    'a value that is too long',
    line('version="1.2"', `version="${'é'.repeat(1_000)}"`),
    [`contract-value-length | shop_build_info | version | shop.metrics.buildInfo.labels.version.maxBytes | "${'é'.repeat(118)}…`],
  ],
  [
    'series that were added up because there were too many',
    line('shop_tables{table="2"} 1', 'shop_tables{otel_metric_overflow="true"} 9'),
    ['contract-overflow | shop_tables | otel_metric_overflow | shop.metrics.tables | 1 series'],
  ],
];

for (const [name, text, expected] of cases) {
  test(`finds ${name}`, async () => assert.deepEqual(await findingsOf(text), expected));
}

test('a finding has the line, the rule of this contract, the fix and the norm', async () => {
  const [missing, unknown] = holdToContract(await observe(rename('shop_orders_total', 'shop_order_total')), shop);
  assert.equal(missing?.line, undefined);
  // Of its first sample.
  assert.equal(unknown?.line, 3);
  assert.equal(unknown?.fix, 'rename it to shop_orders_total, or declare it');
  const [type] = holdToContract(
    await observe(line('# TYPE shop_waiting gauge', '# TYPE shop_waiting histogram').replace('shop_waiting{party="a"} 1\n', '')),
    shop,
  );
  assert.deepEqual(
    { ...type, line: 0 },
    {
      id: 'contract-type',
      severity: 'error',
      source: 'page.text',
      line: 0,
      family: 'shop_waiting',
      contract: 'shop.metrics.waiting',
      got: 'histogram',
      rule: 'an up-down counter is exposed as a gauge',
      fix: 'record it with the declared kind',
      link: 'https://prometheus.io/docs/concepts/metric_types/',
    },
  );
});

test('families of others are known', async () => {
  const others = [
    'target_info',
    'otel_scope_info',
    'up',
    'scrape_duration_seconds',
    'nodejs_eventloop_utilization_ratio',
    'meterbridge_series',
  ];
  const text = page + others.map((name) => `# TYPE ${name} gauge\n${name} 1\n`).join('');
  assert.deepEqual(holdToContract(await observe(text), shop, { only: true }), []);
});

test('with only, a family without the prefix is unknown, too', async () => {
  const findings = holdToContract(await observe(`${page}# TYPE gossip gauge\ngossip 1\n`), shop, { only: true });
  assert.deepEqual(findings.map(short), ['contract-family-unknown | gossip | shop.metrics | gossip']);
});

/** What client libraries register by default: the names are those of their own documents. */
const ofRuntimes = [
  ...[
    'process_threads',
    'process_cpu_seconds_total',
    'go_goroutines',
    'go_gc_heap_allocs_bytes_total',
    'promhttp_metric_handler_requests_total',
  ],
  ...[
    'nodejs_version_info',
    'v8js_gc_duration_seconds',
    'python_gc_objects_collected_total',
    'jvm_threads_current',
    'dotnet_total_memory_bytes',
  ],
  ...['ruby_gc_count', 'erlang_vm_process_count', 'php_info'],
];
const gauges = (names: readonly string[]) => names.map((name) => `# TYPE ${name} gauge\n${name} 1\n`).join('');

test("the runtime's families are no findings beside a contract's, with only neither", async () => {
  for (const only of [false, true]) {
    assert.deepEqual(holdToContract(await observe(page + gauges(ofRuntimes)), shop, { only }), []);
  }
});

test("a contract whose names begin as the runtime's do has to declare them", async () => {
  const runtime = contract('go', { threads: gauge({ help: 'Threads.' }) });
  const findings = holdToContract(
    await observe(`# HELP go_threads Threads.\n${gauges(['go_threads', 'go_goroutines'])}`),
    runtime,
  );
  assert.deepEqual(findings.map(short), ['contract-family-unknown | go_goroutines | go.metrics | go_goroutines']);
});

test('the help is free, unless it is asked for', async () => {
  const other = await observe(line('# HELP shop_tables Guests by table.', '# HELP shop_tables Guests.'));
  assert.deepEqual(
    [{}, { strictHelp: true }].flatMap((options) =>
      holdToContract(other, shop, options).map(({ id, severity }) => [id, severity]),
    ),
    [
      ['contract-help', 'note'],
      ['contract-help', 'error'],
    ],
  );
});

test('labels of the target are known', async () => {
  const text = page.replace('shop_load{', 'shop_load{job="a",instance="b",otel_scope_name="shop",');
  assert.deepEqual(await findingsOf(text), []);
});
