/**
 * Bucket lines are kept with their numbers from one rendering to the next: whatever the numbers do, the lines say what the cells
 * hold.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createStore, type FamilySpec, type Row } from '../../../../src/core/store/index.ts';
import { createRenderer, type Rendering, type TextFormat } from '../../../../src/formats/exposition/index.ts';
import { takeRow } from '../../../core/store/labels.ts';

const spec: FamilySpec = {
  name: 't',
  kind: 'gaugehistogram',
  unit: '',
  help: 'T.',
  labels: ['a'],
  maxAgeMs: 60_000,
  bounds: [1, 2.5],
};

function live(more: Partial<FamilySpec> = {}) {
  const store = createStore();
  const family = store.source({ scope: { name: 'test' } }).family({ ...spec, ...more }, true);
  const renderer = createRenderer(store.view);
  return {
    take: (a: string): Row => takeRow(family, { a }, 0),
    drop: (row: Row): void => family.drop(row),
    set: (row: Row, cells: readonly number[]): void => family.cells.set(cells, row * family.stride),
    /** The sample lines, without metadata. */
    async lines(format: TextFormat = 'text'): Promise<readonly string[]> {
      const { body, release } = (await renderer.render(format)) as Rendering;
      const lines = Buffer.from(body).toString().split('\n');
      // The next rendering gets this memory again, and must not take what is left in it for its own.
      body.fill(0x0a);
      release();
      return lines.filter((line) => line !== '' && !line.startsWith('#'));
    },
  };
}

/** Cells: what fell into each bucket, and the sum. Numbers: of the three buckets, the sum and the count. */
const steps: readonly (readonly [string, readonly number[], readonly string[]])[] = [
  ['nothing yet', [0, 0, 0, 0], ['0', '0', '0', '0', '0']],
  ['one digit', [1, 2, 3, 4.5], ['1', '3', '6', '4.5', '6']],
  ['as long as before', [3, 2, 4, 0.25], ['3', '5', '9', '0.25', '9']],
  ['the last one longer', [3, 2, 5, 1], ['3', '5', '10', '1', '10']],
  ['the middle one longer', [9, 1, 0, 1], ['9', '10', '10', '1', '10']],
  ['all longer', [10, 90, 900, 1e6], ['10', '100', '1000', '1000000', '1000']],
  ['all shorter', [0, 0, 1, 1], ['0', '0', '1', '1', '1']],
  ['as long as there is room', [1_234_567, 0, 8_765_432, 7], ['1234567', '1234567', '9999999', '7', '9999999']],
  ['longer than there is room', [1_234_567, 0, 8_765_433, 7], ['1234567', '1234567', '10000000', '7', '10000000']],
  ['ten digits', [2_147_483_647, 0, 1, 7], ['2147483647', '2147483647', '2147483648', '7', '2147483648']],
  [
    'no smaller integer fits it',
    [2 ** 52, 0, 1, 7],
    ['4503599627370496', '4503599627370496', '4503599627370497', '7', '4503599627370497'],
  ],
  ['a fraction', [0.5, 1, 1, 7], ['0.5', '1.5', '2.5', '7', '2.5']],
  ['as long as the fraction', [105, 10, 10, 7], ['105', '115', '125', '7', '125']],
  ['not a number', [1, Number.NaN, 1, 7], ['1', 'NaN', 'NaN', '7', 'NaN']],
  ['a negative one', [-1, 0, 3, 7], ['-1', '-1', '2', '7', '2']],
  ['negative zero', [-0, 0, 3, 7], ['0', '0', '3', '7', '3']],
];

const series = [
  't_bucket{a="x",le="1"}',
  't_bucket{a="x",le="2.5"}',
  't_bucket{a="x",le="+Inf"}',
  't_sum{a="x"}',
  't_count{a="x"}',
];

test('numbers get longer and shorter', async () => {
  const { take, set, lines } = live();
  const row = take('x');
  for (const [what, cells, numbers] of [...steps, ...steps.toReversed()]) {
    set(row, cells);
    const expected = series.map((name, line) => `${name} ${numbers[line]}`);
    assert.deepEqual(await lines(), expected, what);
    assert.deepEqual(await lines(), expected, `${what}, once more`);
  }
});

test('rows, formats and owners of a row do not disturb each other', async () => {
  const { take, drop, set, lines } = live({ kind: 'histogram', bounds: [-1] });
  const row = take('é');
  set(row, [5, 5, 1]);
  const other = take('b');
  set(other, [100, 0, 2]);
  const openmetrics = ['{a="é",le="-1.0"} 5', '{a="é",le="+Inf"} 10', '{a="b",le="-1.0"} 100', '{a="b",le="+Inf"} 100'];
  const text = ['t_bucket{a="é",le="-1"} 5', 't_bucket{a="é",le="+Inf"} 10', 't_sum{a="é"} 1', 't_count{a="é"} 10'];
  const [om, plain] = await Promise.all([lines('openmetrics'), lines()]);
  assert.deepEqual(
    om,
    openmetrics.map((line) => `t_bucket${line}`),
  );
  assert.deepEqual(plain.slice(0, 4), text);
  drop(row);
  set(take('a much longer value'), [1, 1_000, 0]);
  assert.deepEqual(await lines('openmetrics'), [
    't_bucket{a="a much longer value",le="-1.0"} 1',
    't_bucket{a="a much longer value",le="+Inf"} 1001',
    't_bucket{a="b",le="-1.0"} 100',
    't_bucket{a="b",le="+Inf"} 100',
  ]);
});

test('whatever is counted, each line has its number', async () => {
  const counts = fc.array(fc.oneof(fc.nat(9), fc.nat(2_000), fc.nat()), { minLength: 3, maxLength: 3 });
  const rounds = fc.array(fc.array(counts, { minLength: 20, maxLength: 20 }), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rounds, async (all) => {
      const { take, set, lines } = live();
      const rows = Array.from({ length: 20 }, (_, index) => take(`row ${index}`));
      for (const round of all) {
        for (const [index, row] of rows.entries()) set(row, [...(round[index] as number[]), index]);
        const expected = round.flatMap(([low = 0, middle = 0, high = 0], index) => [
          `t_bucket{a="row ${index}",le="1"} ${low}`,
          `t_bucket{a="row ${index}",le="2.5"} ${low + middle}`,
          `t_bucket{a="row ${index}",le="+Inf"} ${low + middle + high}`,
          `t_sum{a="row ${index}"} ${index}`,
          `t_count{a="row ${index}"} ${low + middle + high}`,
        ]);
        assert.deepEqual(await lines(), expected);
      }
    }),
    { numRuns: 100 },
  );
});
