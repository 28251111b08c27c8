import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { type Cursor, createStore, type Family, type FamilySpec, type Source, type View } from '../../../src/core/store/index.ts';
import { createRemoteView } from '../../../src/core/store/threads/remote-view.ts';
import { labelsOf } from './labels.ts';

const gauge: FamilySpec = { name: 'x', kind: 'gauge', unit: '', help: 'X.', labels: [], maxAgeMs: 60_000 };

/** A family in words, all that the model knows of it. */
interface Known {
  readonly family: Family;
  readonly group: number;
}

/** What a walk meets: the families in their order, and the values of their rows. */
function walked(view: View, cells?: number): { readonly ids: readonly number[]; readonly values: readonly number[] } {
  const ids: number[] = [];
  const values: number[] = [];
  const visitor = {
    family: ({ id }: { id: number }) => ids.push(id) > 0,
    row: (family: { cells: Float64Array }, _row: number, _generation: number, cellAt: number) =>
      values.push(family.cells[cellAt] as number),
  };
  let cursor: Cursor | undefined = view.walk(visitor, undefined, cells);
  while (cursor !== undefined) cursor = view.walk(visitor, cursor, cells);
  return { ids, values };
}

function made(source: Source, known: Known[], beside?: Known): void {
  const family = source.family(gauge, true, beside?.family);
  family.row(labelsOf({}), 0, family.id);
  known.push({ family, group: beside?.group ?? family.id });
}

test('a family beside another one is walked behind it, whatever came in between', () => {
  const { source, view } = (({ source, view }) => ({ source: source({ scope: { name: 'test' } }), view }))(createStore());
  const known: Known[] = [];
  made(source, known);
  made(source, known);
  made(source, known, known[0]);
  assert.deepEqual(
    known.map(({ family }) => [family.id, family.group]),
    [
      [1, 1],
      [2, 2],
      [3, 1],
    ],
  );
  assert.deepEqual(walked(view).ids, [1, 3, 2]);
  known[0]?.family.end();
  made(source, known, known[0]);
  assert.deepEqual(walked(view).ids, [3, 4, 2], 'a group outlives the family that began it');
});

test('however families come, join groups and end, a walk here and in another thread meets them by group and id', () => {
  const step = fc.record({
    what: fc.constantFrom('new', 'beside', 'beside', 'end', 'end'),
    which: fc.nat(),
    cells: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const store = createStore();
      const source = store.source({ scope: { name: 'test' } });
      const { port1, port2 } = new MessageChannel();
      store.share(port1);
      const remote = createRemoteView(port2);
      let known: Known[] = [];
      const all: Known[] = [];
      try {
        for (const { what, which, cells } of steps) {
          const one = known[which % Math.max(1, known.length)];
          const any = all[which % Math.max(1, all.length)];
          const before = known.length;
          if (what === 'end') {
            one?.family.end();
            known = known.filter((other) => other !== one);
          } else made(source, known, what === 'beside' ? any : undefined);
          all.push(...known.slice(before));
          const ids = known.toSorted((a, b) => a.group - b.group || a.family.id - b.family.id).map(({ family }) => family.id);
          for (const view of [store.view, remote]) assert.deepEqual(walked(view, cells), { ids, values: ids });
        }
      } finally {
        port1.close();
      }
    }),
    { numRuns: 60 },
  );
});

test('what ends or comes between two slices changes nothing about the others', () => {
  const step = fc.record({ end: fc.nat(20), beside: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { source: sourceOf, view } = createStore();
      const source = sourceOf({ scope: { name: 'test' } });
      const known: Known[] = [];
      for (let index = 0; index < 12; index++) made(source, known, known[index >> 1]);
      const first = new Set(known);
      const ended = new Set<Known>();
      const seen: number[] = [];
      const visitor = { family: () => true, row: (family: { id: number }) => void seen.push(family.id) };
      let cursor = view.walk(visitor, undefined, 1);
      for (const { end, beside } of steps) {
        const one = known[end];
        if (one !== undefined && !ended.has(one)) one.family.end();
        if (one !== undefined) ended.add(one);
        made(source, known, known[beside % known.length]);
        if (cursor !== undefined) cursor = view.walk(visitor, cursor, 1);
      }
      while (cursor !== undefined) cursor = view.walk(visitor, cursor, 1);
      assert.equal(new Set(seen).size, seen.length, 'none twice');
      const order = [...first].toSorted((a, b) => a.group - b.group || a.family.id - b.family.id);
      const lasting = order.filter((one) => !ended.has(one)).map(({ family }) => family.id);
      assert.deepEqual(
        seen.filter((id) => lasting.includes(id)),
        lasting,
      );
      assert.ok(
        seen.every((id) => order.some(({ family }) => family.id === id)),
        'a row that was taken later is not shown',
      );
    }),
  );
});

test('a family that ended is its source’s no more, and ending twice harms nobody', () => {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const [one, other] = [source.family(gauge, false), source.family(gauge, true)];
  one.end();
  one.end();
  assert.throws(() => source.replace([one], () => undefined), /BUG: replace: x is not a family of this source/);
  assert.deepEqual(walked(store.view).ids, [other.id]);
  source.close();
  assert.deepEqual(walked(store.view).ids, []);
});
