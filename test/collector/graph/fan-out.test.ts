import assert from 'node:assert/strict';
import test from 'node:test';
import type { NotTaken } from '../../../src/collector/component.ts';
import { counted, fanOut, guarded } from '../../../src/collector/graph/fan-out.ts';
import type { Batch } from '../../../src/otlp/batch.ts';

const bytes = new Uint8Array();
const view = new DataView(bytes.buffer);
const batch: Batch = { bytes, view, index: new Int32Array(), length: 0, points: 10, rejected: 0, why: undefined };
const taking = (notTaken?: NotTaken) => () => notTaken;

test('a fan-out hands a batch to every branch and answers with the largest number that one of them did not take', () => {
  const seen: string[] = [];
  const branch = (name: string, notTaken?: NotTaken) => () => {
    seen.push(name);
    return notTaken;
  };
  const answer = fanOut([branch('a', { points: 2, why: 'two' }), branch('b'), branch('c', { points: 3, why: 'three' })])(batch);
  assert.deepEqual(answer, { points: 3, why: 'three' });
  assert.deepEqual(seen, ['a', 'b', 'c']);
  assert.equal(fanOut([taking(), taking()])(batch), undefined);
});

test('an exporter that throws keeps no batch from the others, and its points count as failed', () => {
  const tally = { sent: 0, failed: 0 };
  const errors: unknown[] = [];
  const broken = counted(
    () => {
      throw new Error('broken');
    },
    tally,
    (error) => errors.push(error),
  );
  const other = { sent: 0, failed: 0 };
  const answer = fanOut([broken, counted(taking({ points: 4, why: 'no room' }), other, () => {})])(batch);
  assert.deepEqual(answer, { points: 10, why: 'internal error' });
  assert.deepEqual([tally, other, errors.length], [{ sent: 0, failed: 10 }, { sent: 6, failed: 4 }, 1]);
});

test('a fan-out waits for the branches that answer later', async () => {
  const later = async () => ({ points: 5, why: 'five' });
  assert.deepEqual(await fanOut([taking({ points: 2, why: 'two' }), later, taking()])(batch), { points: 5, why: 'five' });
  const tally = { sent: 0, failed: 0 };
  const answer = counted(later, tally, () => {})(batch);
  assert.deepEqual(tally, { sent: 0, failed: 0 });
  await answer;
  assert.deepEqual(tally, { sent: 5, failed: 5 });
});

test('a refusal that passes goes ahead of a larger one that does not: the sender sends all of it again', () => {
  const full = { points: 1, why: 'full', passes: true };
  const wrong = { points: 9, why: 'wrong' };
  for (const branches of [
    [full, wrong],
    [wrong, full],
    [full, undefined],
    [undefined, full],
  ])
    assert.deepEqual(fanOut(branches.map(taking))(batch), full);
});

test('a processor that throws, at once or later, costs its batch, and says so with the number of its points', async () => {
  const said: unknown[] = [];
  const given = { refusal: (...all: unknown[]) => void said.push(all) };
  const lost = { points: 10, why: 'internal error' };
  const throws = () => {
    throw new Error('broken');
  };
  assert.deepEqual(guarded(throws, given)(batch), lost);
  assert.deepEqual(await guarded(async () => throws(), given)(batch), lost);
  const line = ['failed_points', 'a processor has failed at a batch: Error: broken', 10];
  assert.deepEqual(said, [line, line]);
  assert.equal(guarded(taking(), given)(batch), undefined);
});
