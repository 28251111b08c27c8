/** Who has the event loop when: each connection in turn, by bytes. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createInflater } from '../../../../src/service/receivers/otlp/decompress.ts';
import { createTurns, type Job } from '../../../../src/service/receivers/otlp/turns.ts';
import { until } from '../../../until.ts';

/** Takes so many slices. */
function job(name: string, slices: number, log: string[]): Job {
  let left = slices;
  return {
    step() {
      log.push(name);
      return --left === 0 ? 'done' : 'more';
    },
    held: 0,
  };
}

/** A turn lasts as long as there is work: a busy machine ends none. */
function stopClock(t: TestContext): void {
  t.mock.method(performance, 'now', () => 0);
}

test('connections have their slices in turn, however many requests each has', async (t) => {
  stopClock(t);
  const turns = createTurns();
  const log: string[] = [];
  const [greedy, other] = [{}, {}];
  for (let at = 0; at < 50; at++) turns.enter(greedy, job('greedy', 100, log), false);
  turns.enter(other, job('other', 10, log), false);
  await until('done', () => log.filter((name) => name === 'other').length === 10);
  // At most 1 MiB of the greedy one is ahead of it, not 5,000 slices.
  assert.ok(log.lastIndexOf('other') < 50, `${log.lastIndexOf('other')} slices`);
});

test('a turn of the event loop comes between slices that take long', async () => {
  const turns = createTurns();
  let [inTurn, most] = [0, 0];
  let left = 20;
  const busy: Job = {
    step() {
      most = Math.max(most, ++inTurn);
      for (const end = performance.now() + 5; performance.now() < end; );
      return --left === 0 ? 'done' : 'more';
    },
    held: 0,
  };
  const isOver = () => left === 0;
  turns.enter({}, busy, false);
  while (!isOver()) {
    await new Promise(setImmediate);
    inTurn = 0;
  }
  assert.equal(most, 1);
});

test('what may be read at once in a turn is bounded, and is there again in the next one', async () => {
  const turns = createTurns();
  const taken = Array.from({ length: 100 }, () => turns.takes(65_536)).filter((one) => one).length;
  assert.ok(taken >= 1 && taken <= 8, `${taken} × 64 KiB`);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.equal(turns.takes(65_536), true);
});

test('small requests go ahead of large ones', async (t) => {
  stopClock(t);
  const turns = createTurns();
  const log: string[] = [];
  turns.enter({}, job('large', 3, log), false);
  for (let at = 0; at < 3; at++) turns.enter({}, job('small', 1, log), true);
  await until('done', () => log.length === 6);
  assert.deepEqual(log, ['small', 'small', 'small', 'large', 'large', 'large']);
});

test('jobs that hold much memory end one after the other', async () => {
  const turns = createTurns();
  const log: string[] = [];
  const large = (name: string): Job => ({ ...job(name, 5, log), held: 48 * 2 ** 20 });
  for (const name of ['a', 'b', 'c']) turns.enter({}, large(name), false);
  await until('done', () => log.length === 15);
  assert.equal(log.join(''), 'aaaaabbbbbccccc');
});

test('a body that grows beyond 64 KiB is not decompressed in this thread', async () => {
  const inflater = createInflater(1e9);
  const from = { connection: {}, isGone: () => false };
  const inflate = (bytes: Buffer) =>
    new Promise<boolean>((resolve) => {
      let isLater = false;
      inflater.inflate(
        { compression: 'gzip', bytes: gzipSync(bytes), maxBytes: 20e6, from, isQuick: () => true },
        (result, release) => {
          assert.deepEqual(Buffer.from(result as Uint8Array), bytes);
          release();
          resolve(isLater);
        },
      );
      isLater = true;
    });
  assert.equal(await inflate(Buffer.alloc(60_000, 'x')), false);
  assert.equal(await inflate(Buffer.alloc(10_000_000, 'x')), true);
  assert.equal(inflater.held, 0);
});

test('decompressed bodies have so much room, and each connection its turn', async () => {
  const room = 3_000_000;
  const inflater = createInflater(room);
  const order: string[] = [];
  const releases: (() => void)[] = [];
  const body = (name: string, connection: object) =>
    inflater.inflate(
      {
        compression: 'gzip',
        bytes: gzipSync(Buffer.alloc(2_000_000, name)),
        maxBytes: 2e6,
        from: { connection, isGone: () => false },
        isQuick: () => true,
      },
      (_, release) => {
        order.push(name);
        releases.push(release);
        assert.ok(inflater.held <= room, `${inflater.held} bytes`);
      },
    );
  const greedy = {};
  for (let at = 0; at < 10; at++) body('a', greedy);
  body('b', {});
  for (let count = 1; count <= 11; count++) {
    await until('done', () => releases.length > 0);
    assert.equal(order.length, count);
    releases.pop()?.();
  }
  assert.equal(order.join(''), `aab${'a'.repeat(8)}`);
});
