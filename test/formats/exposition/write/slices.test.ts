/**
 * A rendering does little between two looks at the clock, whatever the store holds. Work is counted, not time: cells, families,
 * bytes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type FamilySpec, type Row, type Source, type View } from '../../../../src/core/store/index.ts';
import { createRenderer } from '../../../../src/formats/exposition/write/renderer.ts';
import type { Rendering } from '../../../../src/formats/exposition/write/rendering.ts';
import { takeRow } from '../../../core/store/labels.ts';

/** What `renderer.ts` and `gathered.ts` promise: 256 cells and 128 KiB, and one row on top. */
const mostCells = 256;
const mostBytes = 128 * 1024;

interface Work {
  cells: number;
  families: number;
}

/** Renders twice, with cold and with warm caches, and gives what was done between two looks at the clock. */
async function slicesOf(
  fill: (source: Source) => void,
): Promise<{ readonly walked: readonly Work[]; readonly looks: number; readonly bytes: number }> {
  const store = createStore();
  fill(store.source({ scope: { name: 'test' } }));
  const walked: Work[] = [];
  let now: Work = { cells: 0, families: 0 };
  let looks = 0;
  const view: View = {
    walk(visitor, from, cells) {
      return store.view.walk(
        {
          get enough() {
            return visitor.enough === true;
          },
          family(family) {
            now.families += 1;
            return visitor.family(family);
          },
          row(family, row: Row, generation, at) {
            now.cells += family.stride;
            visitor.row(family, row, generation, at);
          },
        },
        from,
        cells,
      );
    },
  };
  function due(): boolean {
    looks += 1;
    walked.push(now);
    now = { cells: 0, families: 0 };
    return false;
  }
  const renderer = createRenderer(view, { pace: () => ({ due, rest: async () => {} }) });
  await renderer.render('text');
  looks = 0;
  const { body } = (await renderer.render('text')) as Rendering;
  return { walked: [...walked, now], looks, bytes: body.length };
}

const gauge: FamilySpec = { name: 'app.x', kind: 'gauge', unit: '', help: 'X.', labels: ['path'], maxAgeMs: 60_000 };
const bounds = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

function rows(spec: Partial<FamilySpec>, count: number, label = (index: number) => `/api/items/${(index * 7_919) % count}`) {
  return (source: Source): void => {
    const family = source.family({ ...gauge, ...spec }, true);
    for (let index = 0; index < count; index++) takeRow(family, { path: label(index) }, 0);
  };
}

for (const [name, fill, cellsOfARow] of [
  ['gauges', rows({}, 100_000), 1],
  ['histograms', rows({ kind: 'histogram', bounds: bounds(15) }, 10_000), 17],
  ['histograms with more cells than a slice', rows({ kind: 'histogram', bounds: bounds(400) }, 100), 402],
  ['sorted gauges', rows({ sorted: true }, 10_000), 1],
  ['sorted histograms', rows({ kind: 'histogram', bounds: bounds(15), sorted: true }, 10_000), 17],
  ['a sorted family that is too large to be sorted', rows({ sorted: true }, 100_000), 1],
] as const) {
  test(`${name}: a slice walks ${mostCells} cells, or one row`, async () => {
    const { walked } = await slicesOf(fill);
    const most = Math.max(...walked.map(({ cells }) => cells));
    assert.ok(most <= Math.max(mostCells, cellsOfARow), `${most} cells`);
  });
}

for (const [name, spec] of [
  ['gauges', {}],
  ['histograms', { kind: 'histogram', bounds: bounds(100) }],
] as const) {
  test(`sorted ${name}: writing in order looks at the clock as often as walking does, and walking comes first`, async () => {
    const [plain, sorted] = await Promise.all([slicesOf(rows(spec, 5_000)), slicesOf(rows({ ...spec, sorted: true }, 5_000))]);
    assert.equal(sorted.bytes, plain.bytes);
    assert.ok(sorted.looks >= plain.looks * 1.5, `${sorted.looks} looks, ${plain.looks} without order`);
  });
}

for (const [name, families, omitEmpty] of [
  ['empty families', 20_000, true],
  ['families of metadata only', 5_000, false],
] as const) {
  test(`${name} count too`, async () => {
    const { walked } = await slicesOf((source) => {
      for (let index = 0; index < families; index++) source.family({ ...gauge, name: `app.x${index}`, omitEmpty }, true);
    });
    assert.ok(Math.max(...walked.map((work) => work.families)) <= mostCells / 16);
  });
}

for (const [name, spec, length, lines] of [
  ['gauges', {}, 20_000, 1],
  ['histograms', { kind: 'histogram', bounds: bounds(98) }, 2_000, 101],
] as const) {
  test(`${name} with long labels: a slice writes ${mostBytes} bytes and a row, once the walk has seen how long`, async () => {
    const { walked } = await slicesOf(rows(spec, 500, (index) => 'x'.repeat(length) + index));
    const rowBytes = (length + 60) * lines;
    const cellsOfARow = lines === 1 ? 1 : 100;
    // The first slices of each of the two renderings learn it, from a few cells.
    const most = walked.map(({ cells }) => (cells / cellsOfARow) * rowBytes).toSorted((a, b) => b - a);
    const learning = 4;
    assert.ok((most[learning] as number) <= mostBytes + rowBytes, `${most.slice(0, learning + 1)}`);
    assert.ok((most[0] as number) <= 4 * (mostBytes + rowBytes), `${most[0]}`);
  });
}
