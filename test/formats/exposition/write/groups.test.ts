/** Families of one group: rows of several shapes under one exposed name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type Family, type FamilySpec } from '../../../../src/core/store/index.ts';
import { createRenderer, parseExposition, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import { ByteBuffer } from '../../../../src/formats/exposition/write/bytes/byte-buffer.ts';
import { createFamilyLines } from '../../../../src/formats/exposition/write/lines/family-lines.ts';
import { legalNames } from '../../../../src/formats/exposition/write/name-rules.ts';
import { Remarks } from '../../../../src/formats/exposition/write/remarks.ts';

const time: FamilySpec = {
  name: 'lib.time',
  kind: 'histogram',
  unit: 's',
  help: 'Time.',
  labels: ['a'],
  maxAgeMs: 60_000,
  bounds: [1],
  omitEmpty: true,
};
const other: FamilySpec = { name: 'lib.other', kind: 'gauge', unit: '', help: 'Other.', labels: [], maxAgeMs: 60_000 };

function open() {
  const store = createStore();
  const source = store.source({ scope: { name: 'test' } });
  const renderer = createRenderer(store.view);
  return {
    source,
    put(family: Family, a: string, ...cells: readonly number[]): void {
      const row = family.row({ values: family.spec.labels.map(() => a) }, 0);
      family.cells.set(cells, row * family.stride);
    },
    async page(format: TextFormat) {
      const { body, omitted } = (await renderer.render(format)) as Rendering;
      const text = Buffer.from(body).toString();
      assert.ok(parseExposition(text, format).ok, text);
      return { text, omitted };
    },
  };
}

test('rows of other bounds stand below the same metadata, whatever was declared in between', async () => {
  const { source, put, page } = open();
  const first = source.family(time, true);
  put(source.family(other, true), '', 7);
  put(source.family({ ...time, bounds: [2, 4] }, true, first), 'y', 1, 1, 1, 9);
  const shown = (rows: string) =>
    `# HELP lib_time_seconds Time.\n# TYPE lib_time_seconds histogram\n${rows}# HELP lib_other Other.\n# TYPE lib_other gauge\nlib_other 7\n`;
  const y =
    'lib_time_seconds_bucket{a="y",le="2"} 1\nlib_time_seconds_bucket{a="y",le="4"} 2\nlib_time_seconds_bucket{a="y",le="+Inf"} 3\nlib_time_seconds_sum{a="y"} 9\nlib_time_seconds_count{a="y"} 3\n';
  assert.deepEqual(await page('text'), { text: shown(y), omitted: [] }, 'the first of the group has no row yet');
  put(first, 'x', 1, 0, 0.5);
  const x =
    'lib_time_seconds_bucket{a="x",le="1"} 1\nlib_time_seconds_bucket{a="x",le="+Inf"} 1\nlib_time_seconds_sum{a="x"} 0.5\nlib_time_seconds_count{a="x"} 1\n';
  assert.deepEqual(await page('text'), { text: shown(x + y), omitted: [] });
  assert.equal((await page('openmetrics')).text.match(/# TYPE lib_time_seconds histogram/g)?.length, 1);
  first.end();
  assert.deepEqual(await page('text'), { text: shown(y), omitted: [] });
});

test('a group whose name is taken is left out as one', async () => {
  const { source, put, page } = open();
  put(source.family({ ...other, name: 'lib.time_seconds' }, true), '', 7);
  const first = source.family(time, true);
  const second = source.family({ ...time, bounds: [2] }, true, first);
  for (const family of [first, second]) put(family, 'x', 1, 0, 1);
  const { text, omitted } = await page('text');
  assert.equal(text, '# HELP lib_time_seconds Other.\n# TYPE lib_time_seconds gauge\nlib_time_seconds 7\n');
  assert.deepEqual(omitted, [{ family: 'lib_time_seconds', reason: 'name' }]);
});

test('a second family of the name and scope without the group is left out, as before', async () => {
  const { source, put, page } = open();
  for (const bounds of [[1], [2]]) put(source.family({ ...time, bounds }, true), `${bounds}`, 1, 0, 1);
  assert.deepEqual((await page('text')).omitted, [{ family: 'lib_time_seconds', reason: 'name' }]);
});

test('what is kept of buckets stays within its room, and is given back with the family', () => {
  const { source, put } = open();
  const family = source.family(time, true);
  const room = { left: 10_000 };
  const lines = createFamilyLines(family, {
    strategy: 'UnderscoreEscapingWithSuffixes',
    namespace: '',
    names: legalNames,
    room,
    remarks: new Remarks(),
    created: false,
  });
  const out = new ByteBuffer(1_000);
  for (let row = 1; row <= 2_000; row++) {
    put(family, `${row}`, 1, 0, 1);
    assert.equal(lines.cache('text').write(out, family, row, family.generation(row), family.cells, row * family.stride), 4);
  }
  assert.ok(room.left <= 0 && room.left > -5_000, `${room.left}`);
  lines.end();
  assert.equal(room.left, 10_000);
});
