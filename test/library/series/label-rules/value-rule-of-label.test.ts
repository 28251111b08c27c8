/** What each kind of label makes of a value: it passes, folds, or is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capped,
  contract,
  counter,
  gauge,
  identity,
  type Label,
  type Metric,
  oneOf,
} from '../../../../src/core/contract/index.ts';
import type { HeldValues } from '../../../../src/library/series/label-rules/held-values.ts';
import { createLabelRule } from '../../../../src/library/series/label-rules/value-rule-of-label.ts';

function metricOf(kind: 'counter' | 'gauge', label: Label): Metric {
  const make = kind === 'counter' ? counter : gauge;
  const { metrics } = contract('n', { one: make({ help: 'One.', labels: { task: label } }) as never });
  return Object.values(metrics)[0] as Metric;
}

function ruleOf(kind: 'counter' | 'gauge', label: Label) {
  const metric = metricOf(kind, label);
  return createLabelRule(label, metric, held());
}

function held(): HeldValues {
  const values = new Set<string>();
  return {
    get size() {
      return values.size;
    },
    has: (value) => values.has(value),
    hold: (value) => void values.add(value),
    release: (value) => void values.delete(value),
    clear: () => values.clear(),
  };
}

test('a closed set takes what it declares, and refuses the rest', () => {
  const rule = ruleOf('counter', oneOf('success', 'failed'));
  assert.equal(rule.pass('failed'), 'failed');
  assert.deepEqual(rule.pass('other'), { refused: 'label_value' });
  assert.equal(rule.passUnread('failed'), 'failed');
  assert.deepEqual(rule.passUnread('other'), { refused: 'label_value' });
});

test('a capped set folds once it is full, and its values keep their places', () => {
  const rule = ruleOf('counter', capped({ limit: 2 }));
  for (const value of ['a', 'b']) {
    assert.equal(rule.pass(value), value);
    rule.hold(value);
  }
  assert.equal(rule.pass('c'), 'other');
  rule.release('a');
  assert.deepEqual([rule.pass('c'), rule.pass('a')], ['other', 'a']);
  rule.clear();
  assert.equal(rule.pass('c'), 'c');
});

test('an identity folds once it is full, and a value that is gone leaves its place', () => {
  const rule = ruleOf('counter', identity({ limit: 1 }));
  rule.hold('a');
  assert.equal(rule.pass('b'), 'other');
  rule.release('a');
  assert.equal(rule.pass('b'), 'b');
});

test('the value that others fold into takes no place', () => {
  const rule = ruleOf('counter', identity({ limit: 1 }));
  rule.hold('other');
  assert.equal(rule.pass('a'), 'a');
});

test('an identity of a gauge refuses once it is full: values of several things add up to nothing', () => {
  const rule = ruleOf('gauge', identity({ limit: 1 }));
  rule.hold('a');
  assert.equal(rule.pass('a'), 'a');
  assert.deepEqual(rule.pass('b'), { refused: 'identity_limit' });
});

test('unread, a value is judged by what is held only: not while there are places', () => {
  const rule = ruleOf('counter', identity({ limit: 1 }));
  assert.equal(rule.passUnread('a'), undefined);
  rule.hold('a');
  assert.deepEqual([rule.passUnread('a'), rule.passUnread('b')], ['a', 'other']);
});

test('unread, a value is not judged once one is held that long ones may have become', () => {
  const rule = ruleOf('counter', identity({ limit: 1 }));
  rule.hold('beginning…0123456789abcdef');
  assert.equal(rule.passUnread('b'), undefined);
});
