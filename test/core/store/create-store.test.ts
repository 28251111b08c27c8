import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type Family, type FamilySpec, type Row, type Source, type View } from '../../../src/core/store/index.ts';
import { attributesOf, hexOf, labelsOf } from './labels.ts';

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: [], maxAgeMs: 60_000 };
const key = (name: string) => labelsOf({ key: name });
const hex = (name: string) => hexOf({ key: name });

function take(family: Family, name: string, value = 1): Row {
  const row = family.row(key(name), 7);
  family.cells[row * family.stride] = value;
  return row;
}

/** What a walk shows: `row=value` by family. */
function shown(view: View): readonly string[] {
  const seen: string[] = [];
  view.walk({
    family: (family) => seen.push(family.spec.name) > 0,
    row: (family, row, _generation, cellAt) => seen.push(`${row}=${family.cells[cellAt]}`),
  });
  return seen;
}

function observed(clock: () => number = () => 1000): { source: Source; family: Family; view: View } {
  const store = createStore({ clock });
  const source = store.source({ scope: { name: 'test' } });
  return { source, family: source.family({ ...gauge, kind: 'updowncounter' }, false), view: store.view };
}

const strides: readonly [FamilySpec['kind'], readonly number[] | undefined, number][] = [
  ['counter', undefined, 1],
  ['gauge', undefined, 1],
  ['histogram', [1, 2, 3], 5],
  ['histogram', [], 2],
  ['summary', undefined, 2],
];
for (const [kind, bounds, stride] of strides) {
  test(`a ${kind} with ${bounds?.length ?? 'no'} bounds has ${stride} cells a row`, () => {
    const { source } = observed();
    assert.equal(source.family({ ...gauge, kind, ...(bounds && { bounds }) }, true).stride, stride);
  });
}

test('rows keep labels, start and values through growth', () => {
  const { family } = observed();
  const names = Array.from({ length: 1000 }, (_, index) => `key number ${index}`);
  const rows = names.map((name, index) => take(family, name, index));
  assert.equal(family.size, 1000);
  for (const [index, row] of rows.entries()) {
    assert.equal(attributesOf(family, row), hex(names[index] as string));
    assert.equal(family.cells[row], index);
    assert.equal(family.start(row), 7);
  }
  family.setStart(rows[3] as Row, 9);
  assert.equal(family.start(rows[3] as Row), 9);
});

test('rows of kinds that do not accumulate have no start', () => {
  const { source } = observed();
  for (const kind of ['gauge', 'info', 'unknown', 'stateset'] as const) {
    const family = source.family({ ...gauge, kind }, true);
    const rows = Array.from({ length: 20 }, (_, index) => take(family, `${index}`, index));
    family.setStart(rows[3] as Row, 9);
    assert.deepEqual(
      rows.map((row) => [family.start(row), family.cells[row]]),
      rows.map((_, index) => [0, index]),
      kind,
    );
  }
});

test('row 0 is never given out, takes writes and is never shown', () => {
  const { family, view } = observed();
  family.cells[0] = 5;
  assert.equal(take(family, 'a'), 1);
  family.drop(0);
  assert.deepEqual(shown(view), ['app.x', '1=1']);
});

test('a dropped row is given out again, zeroed, under another generation', () => {
  const { family } = observed();
  const row = take(family, 'a', 5);
  const generation = family.generation(row);
  family.drop(row);
  family.drop(row);
  assert.equal(family.size, 0);
  assert.equal(family.row(key('b'), 8), row);
  assert.equal(family.cells[row], 0);
  assert.equal(attributesOf(family, row), hex('b'));
  assert.ok(family.generation(row) > generation);
  assert.notEqual(take(family, 'c'), row, 'dropping twice did not free it twice');
});

test('rows, columns and label bytes do not grow under churn', () => {
  const { family } = observed();
  const live = Array.from({ length: 50 }, (_, index) => take(family, `key ${index}`));
  const cells = family.cells;
  const bytes = family.labelBytes;
  for (let round = 0; round < 2000; round++) {
    const place = round % live.length;
    family.drop(live[place] as Row);
    live[place] = take(family, `key ${round % 1000}`);
  }
  assert.equal(family.cells, cells);
  assert.equal(family.labelBytes, bytes);
});

test('cells are shared memory behind a view of fixed length', () => {
  const { family } = observed();
  assert.ok(family.cells.buffer instanceof SharedArrayBuffer);
  assert.equal((family.cells.buffer as unknown as SharedArrayBuffer).growable, false);
});

test('a replacement drops what was neither taken nor kept, and tells of it', () => {
  const { source, family, view } = observed();
  const rows = ['a', 'b', 'c'].map((name) => take(family, name));
  const told: string[] = [];
  source.replace(
    [family],
    () => {
      family.keep(rows[1] as Row);
      family.cells[rows[1] as Row] = 20;
      take(family, 'd', 4);
      family.drop(rows[2] as Row);
      assert.equal(family.size, 4, 'nothing leaves before the flip');
    },
    (of, row) => told.push(`${of.spec.name} ${attributesOf(of, row)}`),
  );
  assert.deepEqual(shown(view), ['app.x', '2=20', '4=4']);
  assert.deepEqual(told, [`app.x ${hex('a')}`]);
});

test('a producer may take rows while it is told of those that leave', () => {
  const { source, family, view } = observed();
  take(family, 'a');
  take(family, 'b');
  source.replace(
    [family],
    () => {},
    (_family, row) => take(family, `again ${row}`, row),
  );
  assert.deepEqual(shown(view), ['app.x', '3=1', '4=2']);
});

test('a replacement that throws changes nothing', () => {
  const { source, family, view } = observed();
  const row = take(family, 'a', 5);
  const before = shown(view);
  const failure = new Error('database is locked');
  const write = () => {
    family.cells[row] = 6;
    family.setStart(row, 99);
    for (let index = 0; index < 100; index++) take(family, `new ${index}`);
    throw failure;
  };
  assert.throws(() => source.replace([family], write), failure);
  assert.deepEqual(shown(view), before);
  assert.deepEqual([family.size, family.start(row), family.goodAt], [1, 7, Number.NEGATIVE_INFINITY]);
  source.replace([family], () => family.keep(row));
  assert.deepEqual(shown(view), before, 'and the next one works');
});

test('goodAt: recorded families always, observed ones since their last replacement', () => {
  let now = 1000;
  const { source, family } = observed(() => now);
  const live = source.family(gauge, true);
  assert.deepEqual([live.goodAt, family.goodAt], [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  source.replace([family, live], () => {});
  now = 2000;
  assert.deepEqual([live.goodAt, family.goodAt], [Number.POSITIVE_INFINITY, 1000]);
});

test('several families flip together, even when the producer fails while it is told', () => {
  const { source, family, view } = observed();
  const other = source.family({ ...gauge, name: 'app.y' }, false);
  take(family, 'a');
  take(other, 'b');
  const told = () => {
    throw new Error('told');
  };
  assert.throws(() => source.replace([family, other], () => {}, told), /told/);
  assert.deepEqual(shown(view), ['app.x', 'app.y']);
});

test('replacing a family of another source, or one inside its own replacement, is a bug', () => {
  const { source, family } = observed();
  const other = observed().family;
  assert.throws(() => source.replace([other], () => {}), /BUG: replace: app\.x is not a family of this source/);
  assert.throws(
    () => source.replace([family], () => source.replace([family], () => {})),
    /BUG: replace: app\.x is being replaced already/,
  );
});

test('a closed source takes its families along, ids are not used again', () => {
  const store = createStore();
  const sources = ['a', 'b'].map((name) => store.source({ scope: { name } }));
  const families = sources.map((source, index) => source.family({ ...gauge, name: `app.${index}` }, true));
  sources[0]?.close();
  assert.deepEqual(shown(store.view), ['app.1']);
  const again = sources[0]?.family({ ...gauge, name: 'app.2' }, true);
  assert.deepEqual(shown(store.view), ['app.1', 'app.2']);
  assert.equal(new Set([...families, again].map((family) => family?.id)).size, 3);
});
