/** The life of a contract's series, with a store and without a recorder or an engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, identity, type Metric, oneOf } from '../../../../src/core/contract/index.ts';
import { createStore } from '../../../../src/core/store/index.ts';
import { familySpec } from '../../../../src/library/recording/index.ts';
import { createLabelledSeries } from '../../../../src/library/series/by-labels/labelled-series.ts';
import type { AdmitEvent } from '../../../../src/library/series/refusals.ts';
import type { Series } from '../../../../src/library/series/series.ts';

const declared = contract('n', {
  runs: counter({ help: 'Runs.', labels: { task: identity({ limit: 2 }) } }),
  heat: gauge({ help: 'Heat.', labels: { task: identity({ limit: 2 }) } }),
  ends: counter({ help: 'Ends.', labels: { task: identity(), status: oneOf('success', 'failed') }, zeroFilled: true }),
});

function open(key: keyof typeof declared.metrics, mostLabelBytes?: number) {
  const metric = declared.metrics[key] as Metric;
  const store = createStore(mostLabelBytes === undefined ? {} : { mostLabelBytes });
  const family = store.source({ scope: { name: 'n' } }).family(familySpec(declared, metric), true);
  const events: AdmitEvent[] = [];
  let ms = 1_000;
  const table = createLabelledSeries(metric, family, { onAdmit: (event) => void events.push(event), clock: () => ms });
  const watched: string[] = [];
  table.watch({
    shown: () => void watched.push('shown'),
    dropped: (row) => void watched.push(`dropped ${row}`),
    cleared: () => void watched.push('cleared'),
  });
  return {
    table,
    family,
    watched,
    outcomes: () => events.map((event) => ('reason' in event ? `${event.outcome} ${event.reason}` : event.outcome)),
    at: (now: number) => {
      ms = now;
    },
    enter: (labels: unknown) => table.enter(labels)?.series as Series,
  };
}

test('a series has no row before it is shown, and begins when it gets one', () => {
  const { table, family, enter, at, watched } = open('runs');
  const series = enter({ task: 'a' });
  assert.deepEqual([series.row, family.size], [0, 0]);
  at(5_000);
  assert.equal(table.show(series), true);
  assert.deepEqual([family.size, family.start(series.row), watched], [1, 5_000, ['shown']]);
});

test('it begins with the value that it is shown with', () => {
  const { table, family, enter } = open('heat');
  const series = enter({ task: 'a' });
  table.show(series, 21.5);
  assert.equal(family.cells[series.row * family.stride], 21.5);
});

test('shown again, it keeps its row and its value', () => {
  const { table, family, enter } = open('heat');
  table.show(enter({ task: 'a' }), 21.5);
  const again = enter({ task: 'a' });
  table.show(again, 7);
  assert.deepEqual([family.size, family.cells[again.row * family.stride]], [1, 21.5]);
});

test('beside a series of an identity its other combinations are shown', () => {
  const { table, family, enter } = open('ends');
  table.show(enter({ task: 'a', status: 'failed' }));
  assert.equal(family.size, 2);
  assert.notEqual(table.find({ task: 'a', status: 'success' })?.row ?? 0, 0);
});

test('dropped, its row is free, its place too, and whoever holds it writes to the sink', () => {
  const { table, family, enter, watched } = open('heat');
  const held = table.hold(enter({ task: 'a' }));
  table.show(held, 1);
  const { row } = held;
  table.show(enter({ task: 'b' }), 2);
  assert.equal(table.enter({ task: 'c' }), undefined);
  table.drop(table.find({ task: 'a' }) as Series);
  assert.deepEqual([held.row, held.live, family.size], [0, false, 1]);
  assert.equal(watched.at(-1), `dropped ${row}`);
  assert.notEqual(table.enter({ task: 'c' }), undefined);
});

test('what is held is one object, also for those who look it up', () => {
  const { table, enter } = open('runs');
  const series = enter({ task: 'a' });
  table.show(series);
  const held = table.hold(enter({ task: 'a' }));
  assert.equal(enter({ task: 'a' }), held);
  assert.equal(table.find({ task: 'a' }), held);
  assert.deepEqual([...table.all()], [held]);
});

test('what folds is merged, and counted with each measurement', () => {
  const { table, enter, outcomes } = open('runs');
  for (const task of ['a', 'b']) table.show(enter({ task }));
  for (const task of ['c', 'd']) {
    const entered = table.enter({ task });
    assert.deepEqual([entered?.merged, entered?.series.values], [true, ['other']]);
  }
  assert.deepEqual(outcomes(), ['folded identity', 'folded identity']);
});

test('enter passes a remark to the caller that asks for it, and count() counts it', () => {
  const { table, enter, outcomes } = open('runs');
  for (const task of ['a', 'b']) table.show(enter({ task }));
  const remarks: AdmitEvent[] = [];
  table.enter({ task: 'c' }, (event) => void remarks.push(event));
  assert.deepEqual([remarks.length, outcomes().length], [1, 0]);
  table.count(remarks[0] as AdmitEvent);
  assert.deepEqual(outcomes(), ['folded identity']);
});

test('labels that cannot be meant enter nothing and match nothing', () => {
  const { table, outcomes } = open('runs');
  for (const labels of [undefined, {}, { task: undefined }, { task: {} }]) assert.equal(table.enter(labels), undefined);
  assert.deepEqual(outcomes(), ['refused label_missing', 'refused label_missing', 'refused label_missing', 'refused label_type']);
  assert.deepEqual([table.matching({ task: undefined }), table.matching({ tasks: 'a' }), table.matching(7)], [[], [], []]);
  assert.deepEqual(outcomes().slice(4), ['refused label_missing', 'refused label_value', 'refused label_type']);
});

test('some of the labels match all series that have them', () => {
  const { table, enter } = open('ends');
  for (const task of ['a', 'b']) table.show(enter({ task, status: 'failed' }));
  const found = (labels: unknown) => table.matching(labels).map(({ values }) => values.join(' '));
  assert.deepEqual(found({ task: 'b' }).sort(), ['b failed', 'b success']);
  assert.deepEqual(found({ task: 'b', status: 'failed' }), ['b failed']);
  assert.equal(found({}).length, 4);
  assert.deepEqual(found({ task: 'c' }), []);
});

test('without room in the store it is counted and gone, and the next one tries again', () => {
  // A block of 1,032 bytes has room for ten of 101.
  const { table, family, enter, outcomes } = open('ends', 1_032);
  const tasks = Array.from({ length: 12 }, (_, at) => `${at}`.padStart(90, '0'));
  const shown = tasks.map((task) => table.show(enter({ task, status: 'failed' })));
  assert.ok(shown.includes(true) && shown.includes(false));
  const last = tasks.at(-1) as string;
  assert.equal(table.find({ task: last, status: 'failed' }), undefined);
  assert.ok(outcomes().every((outcome) => outcome === 'refused no_room'));
  assert.equal([...table.all()].length, family.size);
  for (const series of [...table.all()]) table.drop(series);
  assert.equal(table.show(enter({ task: last, status: 'failed' })), true);
});

test('reset, everything is gone, and every place is free', () => {
  const { table, family, enter } = open('runs');
  for (const task of ['a', 'b']) table.show(enter({ task }));
  table.reset();
  assert.deepEqual([family.size, [...table.all()], table.resets], [0, [], 1]);
  assert.deepEqual(table.enter({ task: 'c' })?.merged, false);
});

test('closed, nothing enters, nothing is counted, and what was measured stays', () => {
  const { table, family, enter, outcomes, watched } = open('runs');
  const held = table.hold(enter({ task: 'a' }));
  table.show(held);
  table.close();
  assert.deepEqual([held.live, held.row, family.size, watched.at(-1)], [false, 0, 1, 'cleared']);
  assert.equal(table.enter({ task: 'a' }), undefined);
  table.refuse('value');
  assert.deepEqual([table.matching({}), outcomes()], [[], ['closed', 'closed']]);
});
