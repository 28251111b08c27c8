/** What the labels of a family's rows take, in whatever order rows of whatever length come and go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type Family, type FamilySpec, type Row, type RowLabels } from '../../../../src/core/store/index.ts';
import { labelsOf } from '../labels.ts';

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['key'], maxAgeMs: 60_000 };

const labels = (key: number, length: number) => labelsOf({ key: `${key}`.padStart(length, '0') });

interface Live {
  readonly row: Row;
  readonly labels: RowLabels;
}

function create(options?: Parameters<typeof createStore>[0]) {
  const source = createStore(options).source({ scope: { name: 'test' } });
  return { source, family: source.family(gauge, true) };
}

function take(family: Family, given: RowLabels): Live {
  return { row: family.row(given, 0), labels: given };
}

function assertIntact(family: Family, live: Iterable<Live>): void {
  for (const one of live) assert.deepEqual(family.labels(one.row), one.labels);
}

const textOf = (live: Iterable<Live>): number => [...live].reduce((sum, one) => sum + (one.labels.values[0] as string).length, 0);

test('500 series of ever other lengths: what they take does not grow, and each keeps its own', () => {
  const { family } = create();
  let key = 0;
  const next = (): Live => {
    key += 1;
    return take(family, labels(key, 200 + ((key * 7_919) % 4_500)));
  };
  const live = Array.from({ length: 500 }, next);
  let most = 0;
  for (let step = 0; step < 50_000; step++) {
    const at = (step * 31) % live.length;
    family.drop((live[at] as Live).row);
    live[at] = next();
    most = Math.max(most, family.labelBytes.length);
  }
  // Some 1.2 MB of text at any time, of the 120 MB that came.
  assert.ok(most <= 3 * textOf(live) + 1_000_000, `${most} bytes for ${textOf(live)}`);
  assertIntact(family, live);
});

test('in any order of lengths the texts take no more than three times what is in use, and some', () => {
  const step = fc.record({ many: fc.nat(60), length: fc.nat(600), drops: fc.nat(60), from: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const { family } = create();
      const live: Live[] = [];
      let key = 0;
      for (const { many, length, drops, from } of steps) {
        for (let count = 0; count < many; count++) {
          key += 1;
          live.push(take(family, labels(key, length + (count % 7))));
        }
        for (let count = 0; count < drops && live.length > 0; count++) {
          const [gone] = live.splice((from * (count + 1)) % live.length, 1);
          family.drop((gone as Live).row);
        }
        assert.ok(
          family.labelBytes.length <= 3 * textOf(live) + 200_000,
          `${family.labelBytes.length} bytes for ${textOf(live)}`,
        );
      }
      assertIntact(family, live);
    }),
    { numRuns: 60 },
  );
});

test('what is dropped gives its room back, without a row that comes', () => {
  const { family } = create();
  const live = Array.from({ length: 5_000 }, (_, key) => take(family, labels(key, 100)));
  for (const { row } of live) family.drop(row);
  assert.ok(family.labelBytes.length < 100_000, `${family.labelBytes.length} bytes for nothing`);
});

test('a replacement that gives room back keeps the rows that stay, and one that fails those that were there', () => {
  const { source, family } = create();
  const stays = take(family, labels(1, 50));
  const fill = (): Live[] => Array.from({ length: 1_000 }, (_, key) => take(family, labels(key, 300 + (key % 90))));
  for (let round = 0; round < 3; round++) {
    source.replace([family], () => {
      family.keep(stays.row);
      fill();
    });
    const failing = () =>
      source.replace([family], () => {
        fill();
        throw new Error('half-way');
      });
    assert.throws(failing, /half-way/);
    assertIntact(family, [stays]);
    assert.equal(family.size, 1_001);
  }
});

for (const replacing of [false, true]) {
  test(`at the limit a series gets the sink, ${replacing ? 'in a replacement too' : 'and nothing else changes'}`, () => {
    const { source, family } = create({ mostLabelBytes: 4_096 });
    const all: Live[] = [];
    const fill = (): void => {
      for (let key = 0; key < 1_000; key++) all.push(take(family, labels(key, 100)));
    };
    if (replacing) source.replace([family], fill);
    else fill();
    const live = all.filter(({ row }) => row !== 0);
    assert.ok(live.length > 30 && live.length < 41, `${live.length} series of 101 bytes in 4,096`);
    assert.ok(all.slice(live.length).every(({ row }) => row === 0));
    assert.deepEqual([family.size, family.used, family.labelBytes.length <= 4_096], [live.length, live.length + 1, true]);
    assertIntact(family, live);
    family.drop((live[7] as Live).row);
    assert.equal(take(family, labels(2_000, 100)).row, live[7]?.row);
    assert.equal(take(family, labels(2_001, 100)).row, 0);
  });
}
