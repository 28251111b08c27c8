/**
 * The recording rules of `diff --bridge`, run by promtool: old expressions over them find what they found over the old program's
 * samples.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { bridgeFile, bridgeOf } from '../../src/tools/check/usage/bridge/bridge.ts';
import { folderFor } from '../folder-for.ts';
import { changedShop } from '../tools/check/usage/changed-shop.ts';
import { requirePeer } from './peers.ts';
import { promtoolSays } from './promtool.ts';

/** What the new program exposes, scraped every 15 s: counters grow by steps that make the rates whole. */
const series = [
  ['shop_bought_total{status="open",shop="a",job="j"}', '0+30x40'],
  ['shop_bought_total{status="done",shop="b",job="j"}', '0+15x40'],
  ['shop_payments_total{result="success",job="j"}', '0+60x40'],
  ['shop_payments_total{result="refused",job="j"}', '0+15x40'],
  ['shop_payments_total{result="broken",job="j"}', '0+30x40'],
  ['shop_payments_total{result="lost",job="j"}', '0+45x40'],
  ['shop_delay_seconds{job="j"}', '0.25x40'],
  ['shop_duration_seconds_sum{job="j"}', '0+1.5x40'],
  ['shop_duration_seconds_count{job="j"}', '0+3x40'],
  ['shop_wrapped_seconds_bucket{le="1",job="j"}', '0+15x40'],
  ['shop_wrapped_seconds_bucket{le="2",job="j"}', '0+30x40'],
  ['shop_wrapped_seconds_bucket{le="+Inf",job="j"}', '0+30x40'],
] as const;

/** Old expressions, with what the old program's samples give by the contracts alone. */
const expressions = [
  ['sum by (state) (rate(shop_orders_total[2m]))', { '{state="open"}': 2, '{state="done"}': 1 }],
  ['rate(shop_orders_total{state="open"}[2m])', { '{state="open",shop="a",job="j"}': 2 }],
  ['rate(shop_paid_total[2m])', { '{result="ok",job="j"}': 4, '{result="failed",job="j"}': 3, '{result="lost",job="j"}': 3 }],
  ['shop_wait_milliseconds', { 'shop_wait_milliseconds{job="j"}': 250 }],
  ['rate(shop_took_milliseconds_sum[2m]) / rate(shop_took_milliseconds_count[2m])', { '{job="j"}': 500 }],
  ['histogram_quantile(0.75, sum by (le) (rate(shop_packed_seconds_bucket[2m])))', { '{}': 1.5 }],
] as const;

test('promtool check rules, with every lint', (t: TestContext) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const rules = folderFor(t)('bridge.yaml', bridgeFile(bridgeOf(changedShop)));
  assert.match(promtoolSays(promtool, 'check', 'rules', '--lint=all', '--lint-fatal', rules), /SUCCESS: 10 rules found/);
});

test('promtool test rules: old expressions over what the rules record', (t: TestContext) => {
  const promtool = requirePeer(t, 'promtool');
  if (promtool === undefined) return;
  const file = folderFor(t);
  file('bridge.yaml', bridgeFile(bridgeOf(changedShop)));
  const tests = [
    {
      interval: '15s',
      input_series: series.map(([name, values]) => ({ series: name, values })),
      promql_expr_test: expressions.map(([expr, samples]) => ({
        expr,
        eval_time: '10m',
        exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
      })),
    },
  ];
  const play = file('play.yaml', stringify({ rule_files: ['bridge.yaml'], evaluation_interval: '15s', tests }));
  assert.match(promtoolSays(promtool, 'test', 'rules', play), /SUCCESS/);
});
