/**
 * What becomes of expressions, and that everything else in them stays byte for byte. Whether it is right, a real Prometheus says:
 * test/conformance.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, gauge } from '../../../../src/core/contract/index.ts';
import {
  breakagesOf,
  deepestExpression,
  longestExpression,
  type Rewriting,
  rewriteExpression,
} from '../../../../src/tools/check/promql/index.ts';
import { diffOf } from './diff.ts';
import { shop } from './shop.ts';

const textOf = (rewriting: Rewriting) => (rewriting.kind === 'rewritten' ? rewriting.text : rewriting.kind);

const rewritten: readonly (readonly [what: string, expression: string, text: string])[] = [
  ['a name', ' rate( shop_orders_total[5m] )  # orders\n', ' rate( shop_purchases_total[5m] )  # orders\n'],
  ['a quoted name', '{\'shop_orders_total\', region="eu"}', '{\'shop_purchases_total\', region="eu"}'],
  ['a matcher of the name', '{__name__="shop_orders_total"}', '{__name__="shop_purchases_total"}'],
  ['names in a pattern', '{__name__=~"shop_orders_total|up"}', '{__name__=~"shop_purchases_total|up"}'],
  [
    'a label that is dropped',
    'sum without (method) (rate(shop_payments_total{method="card"}[5m]))',
    'sum without (means) (rate(shop_payments_total{means="card"}[5m]))',
  ],
  [
    'a split value',
    'sum(rate(shop_refunds_total{status="error"}[5m]))',
    'sum(rate(shop_refunds_total{status=~"timeout|refused"}[5m]))',
  ],
  [
    'a split value that is not selected',
    'sum(rate(shop_refunds_total{status!="error"}[5m]))',
    'sum(rate(shop_refunds_total{status!~"timeout|refused"}[5m]))',
  ],
  ['a unit', 'shop_delay_milliseconds > 500', '(shop_delay_seconds * 1000) > 500'],
  ['a unit, compared with zero', 'count(shop_delay_milliseconds > 0)', 'count(shop_delay_seconds > 0)'],
  ['a bound', 'sum(shop_latency_milliseconds_bucket{le="500.0"})', 'sum(shop_latency_seconds_bucket{le="0.5"})'],
  ['precedence', '1 + shop_delay_milliseconds offset 5m * 2', '1 + ((shop_delay_seconds offset 5m * 2) * 1000)'],
  [
    'group_left without a list',
    'up + on (job) group_left shop_delay_milliseconds',
    'up + on (job) group_left () (shop_delay_seconds * 1000)',
  ],
  [
    'a matcher that everything passes',
    'sum(shop_parcels_total{carrier!="", region="eu"})',
    'sum(shop_parcels_total{region="eu"})',
  ],
];

test('an expression becomes', async (t) => {
  for (const [what, expression, text] of rewritten)
    await t.test(what, () => assert.equal(textOf(rewriteExpression(expression, shop.diff)), text));
});

const noted: readonly (readonly [expression: string, notes: readonly string[]])[] = [
  ...['==', '!=', '>=', '<=', '>', '<'].map(
    (op) => [`shop_delay_milliseconds ${op} 570`, [`shop_delay_milliseconds ${op} 570`]] as const,
  ),
  ['shop_delay_milliseconds > bool 500', ['shop_delay_milliseconds > bool 500']],
  ['500 < max(shop_delay_milliseconds)', ['500 < max(shop_delay_milliseconds)']],
  ['shop_delay_milliseconds > on (region) up', ['shop_delay_milliseconds > on (region) up']],
  ['shop_visits_total > on (region) shop_delay_milliseconds', ['shop_visits_total > on (region) shop_delay_milliseconds']],
  ['ceil(shop_delay_milliseconds)', ['ceil(shop_delay_milliseconds)']],
  ['floor(shop_delay_milliseconds / 10)', ['floor(shop_delay_milliseconds / 10)']],
  ['round(shop_delay_milliseconds, 5)', ['round(shop_delay_milliseconds, 5)']],
  ['topk(3, shop_delay_milliseconds)', ['topk(3, shop_delay_milliseconds)']],
  ['bottomk(3, shop_delay_milliseconds)', ['bottomk(3, shop_delay_milliseconds)']],
  [
    'histogram_quantile(0.9, rate(shop_latency_milliseconds_bucket[5m])) > 500',
    ['histogram_quantile(0.9, rate(shop_latency_milliseconds_bucket[5m])) > 500'],
  ],
  ['shop_delay_milliseconds > 0', []],
  ['count(shop_delay_milliseconds) > 3', []],
  ['(shop_delay_milliseconds > bool 0) == 1', []],
  ['rate(shop_orders_total[5m]) > 5', []],
  ['avg(shop_delay_milliseconds)', []],
];

test('a note is where a factor that rounds meets a comparison, a step or a choice', async (t) => {
  for (const [expression, notes] of noted)
    await t.test(expression, () => {
      const rewriting = rewriteExpression(expression, shop.diff);
      assert.ok(rewriting.kind === 'rewritten', rewriting.kind);
      assert.deepEqual(
        rewriting.notes.map(({ from, to }) => expression.slice(from, to)),
        notes,
      );
    });
});

const untouched = [
  'sum by (region) (rate(shop_visits_total[5m]))',
  'sum(rate(shop_parcels_total[5m]))',
  'up == 0',
  'sum by (method) (rate(other_total[5m]))',
  '1 + 1',
];

test('what no change concerns has no breakage', () => {
  for (const expression of untouched) {
    assert.deepEqual(breakagesOf(expression, shop.diff), { breakages: [] });
    assert.equal(rewriteExpression(expression, shop.diff).kind, 'unchanged');
  }
});

const beyond: readonly (readonly [expression: string, reason: string])[] = [
  ['shop_gone', 'metric-removed'],
  ['shop_parcels_total{carrier="post"}', 'label-removed'],
  ['sum by (carrier) (shop_parcels_total)', 'label-removed'],
  ['max_over_time(shop_refunds_total[5m])', 'range-of-split'],
  ['shop_latency_milliseconds_bucket', 'bounds-in-result'],
  ['rate(shop_seen[5m])', 'type-changed'],
  ['{__name__=~"shop_.*"}', 'name-pattern'],
  ['limitk(1, shop_orders_total)', 'sampled-by-labels'],
];

test('what cannot be rewritten has a reason', () => {
  for (const [expression, reason] of beyond) {
    const rewriting = rewriteExpression(expression, shop.diff);
    assert.equal(rewriting.kind, 'not-rewritable', expression);
    assert.ok(rewriting.kind === 'not-rewritable' && rewriting.reasons.some(({ id }) => id === reason), expression);
  }
});

/** Over series that have kept their names. */
const already: readonly (readonly [expression: string, found: string])[] = [
  ['sum by (means) (rate(shop_payments_total[5m]))', 'means'],
  ['rate(shop_payments_total{means="bill"}[5m])', 'means'],
  ['label_replace(shop_payments_total, "area", "$1", "means", "(.).*")', '"means"'],
  ['sum(rate(shop_refunds_total{status=~"timeout|refused"}[5m]))', '"timeout|refused"'],
  ['sum(rate(shop_refunds_total{status!~"late|timeout|refused"}[5m]))', '"late|timeout|refused"'],
  ['label_replace(sum by (status) (shop_refunds_total), "status", "error", "status", "timeout|refused")', '"status"'],
  ['max without (commit) (shop_build)', 'commit'],
];

test('an expression for the new contract is not rewritten again', () => {
  for (const [expression, found] of already) {
    const rewriting = rewriteExpression(expression, shop.diff);
    assert.ok(rewriting.kind === 'not-rewritable', expression);
    assert.deepEqual(
      rewriting.reasons.map(({ id, from, to }) => [id, expression.slice(from, to)]),
      [['already-new', found]],
    );
    assert.deepEqual([...new Set(rewriting.breakages.map(({ impact }) => impact))], ['risky']);
  }
});

test('an expression for old and new values alike is rewritten', () => {
  const both = 'sum(rate(shop_refunds_total{status=~"error|timeout|refused"}[5m]))';
  assert.equal(rewriteExpression(both, shop.diff).kind, 'unchanged');
  const expression = 'sum by (region) (rate(shop_refunds_total{status=~"error|timeout"}[5m]))';
  assert.equal(textOf(rewriteExpression(expression, shop.diff)), expression.replace('error|timeout', 'timeout|refused'));
});

test('two series that swap their names are not rewritten: a second run would swap them back', () => {
  const help = 'A metric.';
  const pair = contract('shop', { one: gauge({ help }), other: gauge({ help }) });
  const diff = diffOf({ old: pair, now: pair, became: { one: { to: 'other' }, other: { to: 'one' } } });
  for (const name of ['shop_one', 'shop_other']) {
    const rewriting = rewriteExpression(`sum(${name})`, diff);
    assert.ok(rewriting.kind === 'not-rewritable' && rewriting.reasons[0]?.id === 'name-collides');
  }
});

test('a breakage names its place', () => {
  const { breakages } = breakagesOf('sum by (method) (shop_payments_total{method="invoice"})', shop.diff) as {
    breakages: readonly { from: number; part: string }[];
  };
  assert.deepEqual(
    breakages.map(({ from, part }) => [from, part]).filter(([, part]) => part !== 'result'),
    [
      [8, 'grouping'],
      [37, 'label'],
      [37, 'value'],
    ],
  );
});

test('a variable is not edited', () => {
  const expression = 'sum(shop_refunds_total{status=~"$status"})';
  const from = expression.indexOf('$');
  const rewriting = rewriteExpression(expression, shop.diff, [{ from, to: from + 7 }]);
  assert.ok(rewriting.kind === 'not-rewritable' && rewriting.reasons[0]?.id === 'variable');
});

test('an expression that cannot be read is a result, with the place', () => {
  const offsetOf = (text: string) => breakagesOf(text, shop.diff).error?.offset;
  assert.equal(offsetOf('sum('), 4);
  assert.equal(offsetOf('up{a="b"'), 8);
  assert.equal(offsetOf(''), 0);
  assert.equal(offsetOf('1'.repeat(longestExpression + 1)), longestExpression);
  assert.notEqual(offsetOf(`${'('.repeat(deepestExpression)}up${')'.repeat(deepestExpression)}`), undefined);
  assert.notEqual(offsetOf(`up${' + up'.repeat(deepestExpression)}`), undefined);
});
