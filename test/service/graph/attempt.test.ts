import assert from 'node:assert/strict';
import test from 'node:test';
import type { Consume } from '../../../src/service/component.ts';
import { attempting } from '../../../src/service/graph/attempt.ts';
import { batchOfJson } from '../../../src/service/plugin/batch-of-json.ts';

const batchOf = (name: string) => {
  const dataPoints = [{ timeUnixNano: '1', asInt: '7' }];
  return batchOfJson({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name, gauge: { dataPoints } }] }] }] });
};
const minuteMs = 60_000;
const broken = new Error('broken');
const final = Object.assign(new Error('no such tenant'), { permanent: true });
const ways: readonly (readonly [string, (error: unknown) => Consume])[] = [
  [
    'at once',
    (error) => () => {
      throw error;
    },
  ],
  ['later', (error) => async () => Promise.reject(error)],
];

for (const [when, failing] of ways) {
  test(`an error ${when}: nothing was taken, it passes, and it is told with the number of points`, async () => {
    const told: unknown[] = [];
    const consume = attempting(failing(broken), { name: 'exporter a', failed: (...all) => told.push(all) });
    assert.deepEqual(await consume(batchOf('n')), { points: 1, why: 'exporter a has failed', error: 'retryable' });
    assert.deepEqual(told, [[broken, 1]]);
  });

  test(`a permanent error ${when} is final, and its sender learns the reason`, async () => {
    const consume = attempting(failing(final), { name: 'exporter a', failed() {} });
    assert.deepEqual(await consume(batchOf('n')), { points: 1, why: 'exporter a: no such tenant', error: 'permanent' });
  });

  test(`who fails ${when} at one batch for five minutes is not asked again; another batch has its own five minutes`, async () => {
    let now = 0;
    const consume = attempting(failing(broken), { name: 'exporter a', failed() {}, clock: () => now });
    const at = async (minutes: number, name = 'n') => {
      now = minutes * minuteMs;
      const verdict = await consume(batchOf(name));
      return verdict?.error;
    };
    // What fails later is known by its batch from the second error on.
    assert.deepEqual(
      [await at(0), await at(1), await at(3), await at(5.5, 'other')],
      ['retryable', 'retryable', 'retryable', 'retryable'],
    );
    assert.deepEqual([await at(6), await at(6, 'other'), await at(7)], ['permanent', 'retryable', 'permanent']);
    assert.equal(await at(30), 'retryable');
  });
}

test('a thousand batches are known; one that failed long ago among others is not', () => {
  let now = 0;
  const consume = attempting(
    () => {
      throw broken;
    },
    { name: 'exporter a', failed() {}, clock: () => now },
  );
  consume(batchOf('first'));
  for (let at = 0; at < 1_000; at++) consume(batchOf(`n${at}`));
  now = 4 * minuteMs;
  consume(batchOf('first'));
  now = 6 * minuteMs;
  assert.deepEqual(consume(batchOf('first')), { points: 1, why: 'exporter a has failed', error: 'retryable' });
});

test('what is answered stays as it is', async () => {
  const wrong = { points: 1, why: 'wrong' };
  const options = { name: 'exporter a', failed: () => assert.fail('it did not fail') };
  assert.equal(attempting(() => wrong, options)(batchOf('n')), wrong);
  assert.equal(attempting(() => undefined, options)(batchOf('n')), undefined);
  assert.equal(await attempting(async () => wrong, options)(batchOf('n')), wrong);
});
