import assert from 'node:assert/strict';
import test from 'node:test';
import type { Batch } from '../../../src/formats/otlp/batch/batch.ts';
import type { NotTaken } from '../../../src/service/component.ts';
import { counted, fanOut } from '../../../src/service/graph/fan-out.ts';

const bytes = new Uint8Array();
const view = new DataView(bytes.buffer);
const batch: Batch = { bytes, view, index: new Int32Array(), length: 0, points: 10, rejected: 0, why: undefined };
const taking = (notTaken?: NotTaken) => () => notTaken;
const throwing = (error: unknown) => () => {
  throw error;
};
const attempt = { name: 'one', failed: () => assert.fail('it did not fail') };

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

test('an exporter that throws keeps no batch from the others; what they took is not asked for again, but said and counted', () => {
  const tally = { sent: 0, failed: 0 };
  const errors: unknown[] = [];
  const broken = counted(throwing(new Error('broken')), tally, { name: 'exporter a', failed: (...all) => errors.push(all) });
  const other = { sent: 0, failed: 0 };
  const answer = fanOut([broken, counted(taking({ points: 4, why: 'no room' }), other, attempt)])(batch);
  assert.deepEqual(answer, { points: 10, why: 'exporter a has failed; other exporters have accepted the request', partly: true });
  assert.deepEqual(
    [tally, other],
    [
      { sent: 0, failed: 10 },
      { sent: 6, failed: 4 },
    ],
  );
  assert.deepEqual(errors, [[new Error('broken'), 10]]);
});

const passes: NotTaken = { points: 10, why: 'a has failed', error: 'retryable' };
const permanent: NotTaken = { points: 10, why: 'b is final', error: 'permanent' };
const all: NotTaken = { points: 10, why: 'wrong' };

test('what no branch took is to be sent again, unless each error is permanent', () => {
  for (const branches of [
    [passes, passes],
    [passes, permanent],
    [permanent, passes],
    [all, passes],
    [passes, all],
  ])
    assert.deepEqual(fanOut(branches.map(taking))(batch), passes);
  assert.deepEqual(fanOut([permanent, permanent].map(taking))(batch), permanent);
});

test('what some branches took stays with them, in fan-outs of fan-outs, too', () => {
  const partly = (...branches: (NotTaken | undefined)[]) => fanOut(branches.map(taking));
  const said = { points: 10, why: 'a has failed; other exporters have accepted the request', partly: true };
  assert.deepEqual(partly(passes, undefined)(batch), said);
  assert.deepEqual(partly(passes, { points: 1, why: 'wrong' })(batch), said);
  assert.deepEqual(fanOut([partly(passes, undefined), taking(permanent)])(batch), {
    ...said,
    why: 'b is final; other exporters have accepted the request',
  });
});

test('a fan-out of branches that fail later, and of some that do not, says the same', async () => {
  const later = (notTaken?: NotTaken) => async () => notTaken;
  assert.deepEqual(await fanOut([later(passes), later(passes)])(batch), passes);
  assert.deepEqual((await fanOut([later(passes), taking()])(batch))?.partly, true);
});

test('a fan-out waits for the branches that answer later', async () => {
  const later = async () => ({ points: 5, why: 'five' });
  assert.deepEqual(await fanOut([taking({ points: 2, why: 'two' }), later, taking()])(batch), { points: 5, why: 'five' });
  const tally = { sent: 0, failed: 0 };
  const answer = counted(later, tally, attempt)(batch);
  assert.deepEqual(tally, { sent: 0, failed: 0 });
  await answer;
  assert.deepEqual(tally, { sent: 5, failed: 5 });
});

test('a refusal that passes goes ahead of a larger one that does not: the sender sends all of it again', () => {
  const full = { points: 1, why: 'full', retryable: true };
  const wrong = { points: 9, why: 'wrong' };
  for (const branches of [
    [full, wrong],
    [wrong, full],
    [full, undefined],
    [undefined, full],
  ])
    assert.deepEqual(fanOut(branches.map(taking))(batch), full);
});
