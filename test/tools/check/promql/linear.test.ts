/** Reading and rewriting an expression takes time in proportion to its length, whatever is in it that has changed. */
import { test } from 'node:test';
import { rewriteExpression } from '../../../../src/tools/check/promql/index.ts';
import { alternatives, quote, unquote } from '../../../../src/tools/check/promql/syntax/strings.ts';
import { masked } from '../../../../src/tools/check/usage/read/variables.ts';
import { assertLinear } from '../../../linear.ts';
import { shop } from './shop.ts';

/** Up to the longest expression, at eight times the size. */
const size = 8_000;
const repeated = (part: string, length: number, between = ', ') =>
  Array(Math.ceil(length / (part.length + between.length)))
    .fill(part)
    .join(between);

const expressions: Readonly<Record<string, (length: number) => string>> = {
  'labels of a list': (length) => `sum by (${repeated('method', length)}) (shop_payments_total)`,
  'labels of a list that are removed': (length) => `sum by (${repeated('carrier', length)}) (shop_parcels_total)`,
  'labels of a list that are new': (length) => `sum by (${repeated('means', length)}) (shop_payments_total)`,
  'labels of a match': (length) => `shop_payments_total * on (${repeated('method', length)}) shop_payments_total`,
  'matchers of a renamed label': (length) => `shop_payments_total{${repeated('method="card"', length)}}`,
  'matchers of another value': (length) => `shop_payments_total{${repeated('method=~"invoice|card"', length)}}`,
  'matchers that are taken away': (length) => `shop_parcels_total{${repeated('carrier!=""', length)}}`,
  'matchers that are taken away, with blanks': (length) => `shop_parcels_total{${repeated('carrier!=""', length, ' ,   ')}}`,
  'matchers that cannot be taken away': (length) => `shop_parcels_total{${repeated('carrier="a"', length)}}`,
  'matchers of bounds': (length) => `shop_latency_milliseconds_bucket{${repeated('le="50.0"', length)}}`,
  'matchers of the name': (length) => `{${repeated('__name__=~"shop_.*"', length)}}`,
  'names in a pattern': (length) => `{__name__=~"${repeated('shop_orders_total', length, '|')}"}`,
  'values in a pattern': (length) => `shop_refunds_total{status=~"${repeated('error', length, '|')}"}`,
  arguments: (length) => `label_join(shop_payments_total, "all", "-", ${repeated('"method"', length)})`,
  'a string': (length) => `label_replace(shop_payments_total, "a", "${'$1\\"'.repeat(length / 4)}", "method", "(.*)")`,
  'a comment': (length) => `shop_payments_total # ${'('.repeat(length)}`,
  'calls beside each other': (length) => `sum(${repeated('rate(shop_delay_milliseconds[5m])', Math.min(length, 8_000), ' + ')})`,
  blanks: (length) => `shop_payments_total${' '.repeat(length)}{method="card"}`,
  'an open brace': (length) => 'shop_payments_total{'.repeat(length / 20),
  parentheses: (length) => '('.repeat(length),
};

for (const [what, make] of Object.entries(expressions))
  test(`an expression of many ${what}`, () => {
    rewriteExpression('up', shop.diff);
    assertLinear((length) => {
      const text = make(length);
      return () => rewriteExpression(text, shop.diff);
    }, size);
  });

test('an expression of many variables', () => {
  assertLinear((length) => {
    const { promql, opaque } = masked(`shop_payments_total{${repeated('method="$method"', length)}}`);
    return () => rewriteExpression(promql, shop.diff, opaque);
  }, size);
});

const texts: Readonly<Record<string, readonly [read: (text: string) => unknown, make: (length: number) => string]>> = {
  variables: [masked, (length) => '$a'.repeat(length / 2)],
  'variables that do not end': [masked, (length) => '${a:'.repeat(length / 4)],
  'variables in brackets that do not end': [masked, (length) => '[[a:'.repeat(length / 4)],
  'strings that do not end': [masked, (length) => '"\\"'.repeat(length / 3)],
  alternatives: [alternatives, (length) => 'a|'.repeat(length / 2)],
  'alternatives in parentheses that do not end': [alternatives, (length) => '('.repeat(length)],
  'alternatives of escapes': [alternatives, (length) => '\\.'.repeat(length / 2)],
  escapes: [unquote, (length) => `"${'\\x4'.repeat(length / 3)}"`],
  'quotation marks': [quote, (length) => '"`'.repeat(length / 2)],
};

for (const [what, [read, make]] of Object.entries(texts))
  test(`a text of many ${what}`, () => {
    assertLinear((length) => {
      const text = make(length);
      return () => read(text);
    }, 60_000);
  });
