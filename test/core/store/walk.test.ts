import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Cursor, createStore, type Family, type FamilySpec, type Row, type Visitor } from '../../../src/core/store/index.ts';
import { attributesOf, takeRow } from './labels.ts';

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: [], maxAgeMs: 60_000 };
const take = (family: Family, name: string) => takeRow(family, { key: name }, 0);

function twoFamilies(rows: number) {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const families = ['app.x', 'app.y'].map((name) => source.family({ ...gauge, name }, true)) as [Family, Family];
  for (const family of families) for (let index = 0; index < rows; index++) take(family, `${index}`);
  return { store, source, families };
}

function recorder() {
  const families: string[] = [];
  const rows: string[] = [];
  const visitor: Visitor = {
    family: (family) => families.push(family.spec.name) > 0,
    row: (family, row) => rows.push(`${family.spec.name} ${row}`),
  };
  return { families, rows, visitor };
}

for (const slice of [1, 2, 3, 4, 5, 6, 7, 100]) {
  test(`in slices of ${slice}: every family once, every row once, never more at a time`, () => {
    const { store } = twoFamilies(3);
    const { families, rows, visitor } = recorder();
    let cursor: Cursor | undefined;
    do {
      const before = rows.length;
      cursor = store.view.walk(visitor, cursor, slice);
      assert.ok(rows.length - before <= slice);
    } while (cursor !== undefined);
    assert.deepEqual(families, ['app.x', 'app.y']);
    assert.deepEqual(rows, ['app.x 1', 'app.x 2', 'app.x 3', 'app.y 1', 'app.y 2', 'app.y 3']);
  });
}

test('rows of a family that the visitor refuses are skipped', () => {
  const { store } = twoFamilies(2);
  const rows: string[] = [];
  store.view.walk({ family: ({ spec }) => spec.name === 'app.y', row: ({ spec }, row) => rows.push(`${spec.name} ${row}`) });
  assert.deepEqual(rows, ['app.y 1', 'app.y 2']);
});

test('a row that is dropped and given out between two slices does not show its new series in that walk', () => {
  const { store, families } = twoFamilies(3);
  const { rows, visitor } = recorder();
  const cursor = store.view.walk(visitor, undefined, 1);
  families[0].drop(3);
  assert.equal(take(families[0], 'new'), 3, 'given out again at once');
  store.view.walk(visitor, cursor);
  assert.deepEqual(rows, ['app.x 1', 'app.x 2', 'app.y 1', 'app.y 2', 'app.y 3']);
  const next = recorder();
  store.view.walk(next.visitor);
  assert.ok(next.rows.includes('app.x 3'));
});

test('a walk survives the end of the family it stands in', () => {
  const store = createStore();
  const sources = ['a', 'b'].map((name) => store.source({ scope: { name } }));
  for (const source of sources) {
    const family = source.family({ ...gauge, name: source.spec.scope.name }, true);
    for (const name of ['1', '2']) take(family, name);
  }
  const { rows, visitor } = recorder();
  const cursor = store.view.walk(visitor, undefined, 1);
  sources[0]?.close();
  assert.equal(store.view.walk(visitor, cursor), undefined);
  assert.deepEqual(rows, ['a 1', 'b 1', 'b 2']);
});

test('whatever happens between slices, no walk shows a series twice or one that is gone', () => {
  const step = fc.record({ drop: fc.nat(30), take: fc.nat(30), slice: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { store, families } = twoFamilies(10);
      const index = families.map(() => new Map(Array.from({ length: 10 }, (_, key): [string, Row] => [`${key}`, key + 1])));
      let cursor: Cursor | undefined;
      let seen = new Set<string>();
      for (const { drop, take: name, slice } of steps) {
        for (const [place, family] of families.entries()) {
          const rows = index[place] as Map<string, Row>;
          const row = rows.get(`${drop}`);
          if (row !== undefined) family.drop(row);
          rows.delete(`${drop}`);
          if (!rows.has(`${name}`)) rows.set(`${name}`, take(family, `${name}`));
        }
        const visitor: Visitor = {
          family: () => true,
          row(family, row, generation) {
            const series = `${family.id} ${attributesOf(family, row)}`;
            assert.ok(!seen.has(series), `${series} twice`);
            seen.add(series);
            const place = families.findIndex(({ id }) => id === family.id);
            assert.ok([...(index[place] as Map<string, Row>).values()].includes(row), 'in use');
            assert.equal(generation, family.generation(row));
          },
        };
        cursor = store.view.walk(visitor, cursor, slice);
        if (cursor === undefined) seen = new Set();
      }
    }),
    { numRuns: 200 },
  );
});
