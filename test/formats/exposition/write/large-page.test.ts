/** A first page of many MiB, whose memory is chosen by what its first rows take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, type FamilySpec } from '../../../../src/core/store/index.ts';
import { createRenderer, type Rendering } from '../../../../src/formats/exposition/index.ts';

const spec: FamilySpec = {
  name: '',
  kind: 'gauge',
  unit: '',
  help: 'Help.',
  labels: ['text'],
  maxAgeMs: Number.POSITIVE_INFINITY,
};
const mib = 2 ** 20;
const maxBytes = 64 * mib;

interface Rows {
  readonly count: number;
  readonly length: number;
}

const cases: readonly (readonly [string, readonly Rows[]])[] = [
  ['rows of one length', [{ count: 50_000, length: 200 }]],
  [
    'longer ones behind shorter ones',
    [
      { count: 80_000, length: 60 },
      { count: 20_000, length: 600 },
    ],
  ],
  [
    'shorter ones behind longer ones',
    [
      { count: 10_000, length: 600 },
      { count: 80_000, length: 60 },
    ],
  ],
  ['rows of a MiB', [{ count: 12, length: mib }]],
];

for (const [what, families] of cases) {
  test(`${what}: every row is there, in the first page as in the next`, async () => {
    const store = createStore();
    const expected: string[] = [];
    for (const [number, { count, length }] of families.entries()) {
      const family = store.source({ scope: { name: '' } }).family({ ...spec, name: `app.f${number}` }, true);
      expected.push(`# HELP app_f${number} Help.`, `# TYPE app_f${number} gauge`);
      for (let row = 0; row < count; row++) {
        const text = `${row}`.padEnd(length, 'y');
        family.row({ values: [text] }, 0, row);
        expected.push(`app_f${number}{text="${text}"} ${row}`);
      }
    }
    const renderer = createRenderer(store.view);
    for (const _ of [1, 2]) {
      const { body, series, release } = (await renderer.render('text', { maxBytes })) as Rendering;
      assert.ok(body.length > 8 * mib);
      assert.equal(series, expected.length - 2 * families.length);
      const lines = Buffer.from(body).toString().split('\n');
      // Not with deepEqual, whose message would have all of them.
      assert.equal(
        lines.findIndex((line, at) => line !== (expected[at] ?? '')),
        -1,
      );
      release();
    }
  });
}
