/** What `value()` says of a series is what a scrape says of it, for every kind, and while its last good values may be shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, counter, gauge, histogram, oneOf, summary, upDownCounter } from '../../../src/index.ts';
import { testBridge } from '../../../src/testing.ts';

const maxAgeMs = 5_000;
const declared = contract(
  'k',
  {
    runs: counter({ help: 'h', labels: { status: oneOf('good', 'bad') } }),
    active: upDownCounter({ help: 'h' }),
    level: gauge({ help: 'h' }),
    wait: histogram({ unit: 's', help: 'h', bounds: [1, 5] }),
    size: histogram({ unit: 'By', help: 'h', exponential: {} }),
    load: summary({ help: 'h' }),
    seen: counter({ observed: true, help: 'h' }),
    queued: histogram({ unit: 's', observed: true, help: 'h', bounds: [1] }),
    spent: summary({ unit: 's', observed: true, help: 'h' }),
  },
  { maxAgeMs },
);

function opened() {
  const bridge = testBridge(declared);
  /** The values of a family's samples, by the rest of their name. */
  const scraped = async (name: string) => {
    const family = (await bridge.bridge.gather()).find((one) => one.name === name);
    return family?.samples.map((sample) => [
      sample.name.slice(name.length),
      ...sample.labels.map(([, value]) => value),
      sample.value,
    ]);
  };
  return { ...bridge, scraped };
}

test('recorded metrics', async () => {
  const { metrics, value, scraped, close } = opened();
  metrics.runs.add(2, { status: 'bad' });
  metrics.active.add(-3);
  metrics.level.set(0.5);
  for (const seconds of [0.5, 3, 4, 9]) metrics.wait.record(seconds);
  for (const bytes of [1, 2]) metrics.size.record(bytes);
  for (const load of [1, 2.5]) metrics.load.record(load);

  assert.equal(await value('runs', { status: 'good' }), 0);
  assert.equal(await value('runs', { status: 'bad' }), 2);
  assert.deepEqual(await scraped('k_runs_total'), [
    ['', 'good', 0],
    ['', 'bad', 2],
  ]);
  assert.deepEqual([await value('active'), await scraped('k_active')], [-3, [['', -3]]]);
  assert.deepEqual([await value('level'), await scraped('k_level')], [0.5, [['', 0.5]]]);
  assert.deepEqual(await value('wait'), { count: 4, sum: 16.5, counts: [1, 2, 1] });
  assert.deepEqual(await scraped('k_wait_seconds'), [
    ['_bucket', '1', 1],
    ['_bucket', '5', 3],
    ['_bucket', '+Inf', 4],
    ['_sum', 16.5],
    ['_count', 4],
  ]);
  const size = await value('size');
  assert.deepEqual([size?.count, size?.sum], [2, 3]);
  assert.deepEqual(await scraped('k_size_bytes'), [
    ['_bucket', '+Inf', 2],
    ['_sum', 3],
    ['_count', 2],
  ]);
  assert.deepEqual(await value('load'), { count: 2, sum: 3.5 });
  assert.deepEqual(await scraped('k_load'), [
    ['_sum', 3.5],
    ['_count', 2],
  ]);
  await close();
});

test('observed metrics, until their last good values are too old', async () => {
  const { metrics, value, scraped, clock, close } = opened();
  let fails = true;
  const answer = <T>(result: T) => {
    if (fails) throw new Error('the source does not answer');
    return result;
  };
  metrics.seen.observe(() => answer(7));
  metrics.queued.observe(() => answer({ counts: [2, 1], sum: 4.5 }));
  metrics.spent.observe(() => answer({ count: 3, sum: 1.5 }));
  const read = async () => [
    [await value('seen'), await scraped('k_seen_total')],
    [await value('queued'), await scraped('k_queued_seconds')],
    [await value('spent'), await scraped('k_spent_seconds')],
  ];
  const none = Array.from({ length: 3 }, () => [undefined, undefined]);
  const good = [
    [7, [['', 7]]],
    [
      { count: 3, sum: 4.5, counts: [2, 1] },
      [
        ['_bucket', '1', 2],
        ['_bucket', '+Inf', 3],
        ['_sum', 4.5],
        ['_count', 3],
      ],
    ],
    [
      { count: 3, sum: 1.5 },
      [
        ['_sum', 1.5],
        ['_count', 3],
      ],
    ],
  ];
  assert.deepEqual(await read(), none, 'no collection has succeeded');
  fails = false;
  assert.deepEqual(await read(), good);
  fails = true;
  clock.advance(maxAgeMs);
  assert.deepEqual(await read(), good, 'as old as they may be');
  clock.advance(1);
  assert.deepEqual(await read(), none, 'too old');
  await close();
});
