/** Prometheus 3 scrapes names that are UTF-8: as they are in each format, and in every escaping that it can ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inReverse } from './in-reverse.ts';
import { requirePeer } from './peers.ts';
import { runPrometheus } from './prometheus.ts';
import { startService } from './service.ts';
import { attributesOf, buckets, gauge, histogram, number, sum } from './twin/requests.ts';

const label = 'a "quoted\\\nlabel:é';
const scopeMetrics = [
  {
    metrics: [
      sum('shop.orders', [number(1, 3, { attributes: { 'order.state': 'paid' } })]),
      gauge('größe', [number(1, 5, { attributes: { [label]: '{x="y"} 1' } })]),
      histogram('"\\\n.time', [buckets(1, [1, 1], { bounds: [1], sum: 4 })], { unit: 's' }),
    ],
  },
];

/** Typed by Prometheus' page on escaping schemes; names as sent where it asks for UTF-8. */
const asSent = {
  'shop.orders_total': [{ 'order.state': 'paid' }, '3'],
  größe: [{ [label]: '{x="y"} 1' }, '5'],
  '"\\\n.time_seconds_sum': [{}, '4'],
  '"\\\n.time_seconds_count': [{}, '2'],
};
const expected = {
  default: asSent,
  'PrometheusText1.0.0': asSent,
  underscores: {
    shop_orders_total: [{ order_state: 'paid' }, '3'],
    gr__e: [{ a__quoted__label__: '{x="y"} 1' }, '5'],
    ____time_seconds_sum: [{}, '4'],
    ____time_seconds_count: [{}, '2'],
  },
  dots: {
    shop_dot_orders__total: [{ order_dot_state: 'paid' }, '3'],
    gr____e: [{ a____quoted____label____: '{x="y"} 1' }, '5'],
    _______dot_time__seconds_sum: [{}, '4'],
    _______dot_time__seconds_count: [{}, '2'],
  },
  values: {
    U__shop_2e_orders__total: [{ U__order_2e_state: 'paid' }, '3'],
    U__gr_f6__df_e: [{ U__a_20__22_quoted_5c__a_label_3a__e9_: '{x="y"} 1' }, '5'],
    U___22__5c__a__2e_time__seconds_sum: [{}, '4'],
    U___22__5c__a__2e_time__seconds_count: [{}, '2'],
  },
} as const;
const how = (name: string) => {
  if (name === 'default') return {};
  return name.startsWith('Prometheus') ? { scrape_protocols: [name] } : { metric_name_escaping_scheme: name };
};

test('Prometheus 3 reads names in UTF-8 as they were sent, and escaped as it asks', async (t) => {
  const binary = requirePeer(t, 'prometheus3');
  if (binary === undefined) return;
  const atEnd = inReverse(t);
  const service = await startService(t, {
    prometheus: {
      endpoint: '127.0.0.1:0',
      without_scope_info: true,
      enable_open_metrics: true,
      translation_strategy: 'NoUTF8EscapingWithSuffixes',
    },
  });
  atEnd(service.stop);
  const resource = { attributes: attributesOf({ 'service.name': 'shop' }) };
  const { status } = await fetch(`${service.endpoint}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics }] }),
  });
  assert.equal(status, 200);

  const { host, pathname } = new URL(service.page);
  const scrape_configs = Object.keys(expected).map((name) => ({
    job_name: name,
    metrics_path: pathname,
    ...how(name),
    static_configs: [{ targets: [host], labels: { how: name } }],
  }));
  const prometheus = await runPrometheus(t, binary, { scrape_configs });
  atEnd(prometheus.stop);
  const at = await prometheus.scraped();
  for (const [name, series] of Object.entries(expected)) {
    const found = await prometheus.query(`{how="${name}", exported_job="shop", le=""}`, at);
    const shown = found.map(({ labels: { __name__: metric = '', how: _, exported_job: __, ...labels }, value }) => [
      metric,
      [labels, value],
    ]);
    assert.deepEqual(Object.fromEntries(shown), series, name);
  }
});
