/** Lists of bounds that differ within a histogram, and histograms without any. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, histogram, oneOf, summary } from '../../../../src/core/contract/index.ts';
import { holdToContract } from '../../../../src/tools/check/hold/index.ts';
import { infer } from '../../../../src/tools/check/infer/infer.ts';
import { observe } from './pages.ts';

/** A series for each list. */
function page(lists: readonly (readonly number[])[]): string {
  const series = lists.flatMap((bounds, at) => [
    ...[...bounds, '+Inf'].map((bound) => `shop_wait_bucket{queue="q${at}",le="${bound}"} 1\n`),
    `shop_wait_sum{queue="q${at}"} 1\nshop_wait_count{queue="q${at}"} 1\n`,
  ]);
  return `# HELP shop_wait Waits.\n# TYPE shop_wait histogram\n${series.join('')}`;
}

const queues = ['q0', 'q1', 'q2'] as const;
const declared = contract('shop', {
  wait: histogram({ help: 'Waits.', bounds: [1, 5, 10], labels: { queue: oneOf(...queues) } }),
});
const sums = contract('shop', { wait: summary({ help: 'Waits.', labels: { queue: oneOf(...queues) } }) });

async function found(lists: readonly (readonly number[])[], held: typeof declared | typeof sums = declared) {
  const findings = holdToContract(await observe(page(lists)), held);
  return findings.map(({ id, severity }) => [id, severity]);
}

test('parts of the bounds, none of them whole: a note', async () => {
  assert.deepEqual(
    await found([
      [1, 5],
      [5, 10],
    ]),
    [['contract-bounds-differ', 'note']],
  );
  assert.deepEqual(await found([[1], [5], [10]]), [['contract-bounds-differ', 'note']]);
});

for (const [what, lists] of [
  ['one bound is gone', [[1, 5]]],
  [
    'one bound of one series is gone',
    [
      [1, 5, 10],
      [1, 5],
    ],
  ],
  ['one bound is in no series', [[1], [5]]],
  [
    'a bound that is not declared',
    [
      [1, 7],
      [5, 10],
    ],
  ],
  ['no bounds', [[]]],
] as const) {
  test(`an error: ${what}`, async () => assert.deepEqual(await found(lists), [['contract-bounds', 'error']]));
}

test('a histogram without bounds is a summary as a push has it; one with bounds is none', async () => {
  assert.deepEqual(await found([[], []], sums), [['contract-summary-histogram', 'note']]);
  assert.deepEqual(await found([[1], [1]], sums), [['contract-type', 'error']]);
});

for (const lists of [
  [[], []],
  [
    [1, 5],
    [5, 10],
  ],
]) {
  test(`a page keeps what it drafts: ${JSON.stringify(lists)}`, async () => {
    const observed = await observe(page(lists));
    for (const language of ['ts', 'json'] as const) {
      const inferred = infer(observed, { language });
      assert.deepEqual([...inferred.left], []);
      const broken = holdToContract(observed, inferred.contract, { only: true }).filter(({ severity }) => severity !== 'note');
      assert.deepEqual(broken, []);
    }
  });
}
