/**
 * The life of an uncontracted instrument's series, with a store and without an engine. Limits: Metrics SDK, "Cardinality limits".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, type Metric } from '../../../../src/core/contract/index.ts';
import { createStore } from '../../../../src/core/store/index.ts';
import { createAttributeSeries } from '../../../../src/library/series/by-attributes/attribute-series.ts';
import type { AdmitEvent } from '../../../../src/library/series/refusals.ts';
import type { Series } from '../../../../src/library/series/series.ts';

/** The default of the specification, "Configuration". */
const cardinalityLimit = 2_000;

function open() {
  const metric = contract('n', { one: counter({ help: 'One.' }) }).metrics.one as Metric;
  const spec = { name: 'lib.one', kind: 'counter', unit: '', help: '', labels: [], maxAgeMs: Infinity } as const;
  const family = createStore()
    .source({ scope: { name: 'lib' } })
    .family(spec, true);
  const warnings: string[] = [];
  const outcomes: string[] = [];
  const onAdmit = (event: AdmitEvent): void => void outcomes.push(event.outcome);
  const table = createAttributeSeries(metric, family, {
    clock: () => 1_000,
    warn: (message) => void warnings.push(message),
    onAdmit,
  });
  return { table, family, warnings, outcomes, enter: (attributes: unknown) => table.enter(attributes)?.series as Series };
}

test('the order of attributes does not matter', () => {
  const { enter } = open();
  assert.equal(enter({ a: 1, b: 'x' }), enter({ b: 'x', a: 1 }));
  assert.equal(enter(undefined), enter({}));
});

test('attributes that Prometheus cannot tell apart are one series, and say so at each hit', () => {
  const { table, enter, outcomes } = open();
  const series = enter({ a: 1 });
  for (const alias of [{ a: '1' }, { a: 1, b: '' }, { b: '', a: '1' }]) {
    assert.equal(table.find(alias), series, 'a spelling that was never entered');
    for (const _ of [1, 2]) assert.deepEqual(table.enter(alias), { series, merged: true, isAlias: true });
    assert.equal(table.find(alias), series);
  }
  assert.deepEqual(table.enter({ a: 1 }), { series, merged: false });
  assert.notEqual(enter({ 'a.b': 'x' }), enter({ a_b: 'x' }));
  assert.deepEqual([...table.all()].length, 3);
  assert.deepEqual(outcomes, ['respelled', 'respelled', 'respelled']);
});

test('a series that is gone takes its other spellings with it', () => {
  const { table, enter } = open();
  const series = enter({ a: 1 });
  enter({ a: '1' });
  enter({ a: 1, b: '' });
  table.drop(series);
  assert.deepEqual(
    [table.find({ a: 1 }), table.find({ a: '1' }), table.find({ a: 1, b: '' }), [...table.all()]],
    [undefined, undefined, undefined, []],
  );
  const next = table.enter({ a: '1' });
  assert.equal(next?.merged, false);
  assert.equal(enter({ a: 1 }), next?.series);
});

test('other spellings count towards the limit, and go on beyond it', () => {
  const { table, enter } = open();
  const series = enter({ a: 1 });
  assert.equal(enter({ a: '1' }), series);
  for (let at = 2; at < cardinalityLimit; at++) enter({ at });
  assert.equal(table.enter({ at: -1 })?.series.identity === undefined, false);
  assert.equal(table.find({ at: -1 }), undefined);
  assert.equal(enter({ a: '1' }), series);
  const overflow = table.find({ 'otel.metric.overflow': true });
  assert.equal(enter({ 'otel.metric.overflow': 'true' }), overflow);
});

test('what came under the name of the overflow, and the overflow, are one series', () => {
  const { table, enter } = open();
  const named = enter({ 'otel.metric.overflow': 'true' });
  for (let at = 1; at <= cardinalityLimit; at++) enter({ at });
  assert.equal(table.find({ 'otel.metric.overflow': true }), named);
  assert.deepEqual([...table.all()].length, cardinalityLimit);
});

test('a series is shown, found, and gone', () => {
  const { table, family, enter } = open();
  const series = enter({ a: 'x' });
  assert.equal(family.size, 0);
  assert.equal(table.show(series, 3), true);
  assert.deepEqual([family.size, family.start(series.row), family.cells[series.row]], [1, 1_000, 3]);
  assert.equal(table.find({ a: 'x' }), series);
  table.drop(series);
  assert.deepEqual([family.size, series.row, series.live, table.find({ a: 'x' })], [0, 0, false, undefined]);
  assert.notEqual(enter({ a: 'x' }), series);
});

test('beyond the limit sets fall together, those that are there go on, and it is said once', () => {
  const { table, enter, warnings, outcomes } = open();
  const known = Array.from({ length: cardinalityLimit }, (_, at) => enter({ at }));
  assert.deepEqual([warnings.length, outcomes.length], [0, 0]);
  const first = table.enter({ at: -1 });
  assert.equal(first?.merged, true);
  assert.equal(enter({ at: -2 }), first?.series);
  assert.equal(table.find({ 'otel.metric.overflow': true }), first?.series);
  assert.equal(enter({ at: 7 }), known[7]);
  assert.deepEqual([warnings.length, outcomes], [1, ['folded', 'folded']]);
  table.drop(known[0] as Series);
  assert.equal(table.enter({ at: -1 })?.merged, false);
});

test('attributes that cannot be read lose the measurement, and it is said once', () => {
  const { table, warnings } = open();
  const unread = {
    get a(): string {
      throw new Error('not today');
    },
  };
  assert.deepEqual([table.enter(unread), table.enter(unread), warnings.length], [undefined, undefined, 1]);
});

test('closed, nothing enters and nothing is said, and what was measured stays', () => {
  const { table, family, enter, warnings } = open();
  const series = enter({ a: 'x' });
  table.show(series, 3);
  table.close();
  table.refuse('value');
  assert.deepEqual([table.enter({ a: 'x' }), series.row, family.size, warnings], [undefined, 0, 1, []]);
});
