import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LogFull } from '../../../../src/service/storage/log/errors.ts';
import type { StoredRecord } from '../../../../src/service/storage/log/record-log.ts';
import { until } from '../../../until.ts';
import { bytesIn } from './bytes-in.ts';
import { liveTexts, payloadOf, rig, textOf } from './rig.ts';

for (const fsync of [false, true])
  test(`what is not done is there after the next start, in its order; fsync ${fsync}`, async (t) => {
    const on = rig(t);
    const log = await on.open({ fsync });
    const records = await Promise.all(['a', 'b', 'c', 'd'].map((text) => log.append(payloadOf(text), 1)));
    assert.deepEqual(
      records.map(({ length, points }) => [length, points]),
      Array.from({ length: 4 }, () => [1, 1]),
    );
    assert.equal(textOf(await log.read(records[2] as (typeof records)[0])), 'c');
    log.done(records[1] as (typeof records)[0]);
    await log.close();
    const again = await on.open({ fsync });
    assert.deepEqual(await liveTexts(again), ['a', 'c', 'd']);
    await again.append(payloadOf('e'), 1);
    const [first] = again.live;
    assert.ok(first);
    again.done(first);
    await again.close();
    const last = await on.open();
    assert.deepEqual(await liveTexts(last), ['c', 'd', 'e']);
    await last.close();
    assert.deepEqual(on.warnings, []);
  });

test('a record is written at once where it has to wait for nothing', async (t) => {
  const on = rig(t);
  const log = await on.open();
  const now = (text: string) => log.appendNow([payloadOf(text), payloadOf('.', 200)], 3);
  // The first one has no file yet.
  assert.equal(now('none'), undefined);
  await log.append(payloadOf('a'), 1);
  const record = now('b');
  assert.deepEqual(record, { number: 2, length: 201, points: 3 });
  const before = on.crashed();
  const waiting = log.append(payloadOf('c'), 1);
  // Nor does it go ahead of others.
  assert.equal(now('none'), undefined);
  await waiting;
  assert.equal(textOf(await log.read(record as StoredRecord)), 'b');
  log.change({ fsync: true, maxBytes: 0 });
  assert.equal(now('none'), undefined);
  await log.close();
  for (const [rigged, texts] of [
    [before, ['a', 'b']],
    [on, ['a', 'b', 'c']],
  ] as const) {
    const again = await rigged.open();
    assert.deepEqual(await liveTexts(again), texts);
    await again.close();
  }
});

test('files are the owner’s alone, and their names are not the Collector’s', async (t) => {
  const on = rig(t);
  const log = await on.open();
  await log.append(payloadOf('a'), 1);
  const [file = ''] = on.files();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(basename(file), /^meterbridge-queue-\d{12}\.segment$/);
  await log.close();
});

test('segments whose records are all done are deleted, the oldest first', async (t) => {
  const on = rig(t);
  const log = await on.open({ segmentBytes: 4_096 });
  const records = [];
  for (let at = 0; at < 12; at++) records.push(await log.append(payloadOf(`${at}`, 1_500), 1));
  assert.equal(on.files().length, 6);
  for (const record of records.slice(2, 9)) log.done(record);
  assert.equal(log.bytes > 12 * 1_500, true);
  for (const record of records.slice(0, 2)) log.done(record);
  await until('deleted', () => on.files().length === 2);
  const size = () => bytesIn(on.directory);
  await until('noted', () => log.bytes === size());
  const copy = on.crashed();
  await log.close();
  const crashed = await copy.open();
  const live = await liveTexts(crashed);
  assert.deepEqual(live.slice(-3), ['9', '10', '11']);
  await crashed.close();
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['9', '10', '11']);
  await again.close();
});

test('what replaces records stands where they stood', async (t) => {
  const on = rig(t);
  const log = await on.open();
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((text) => log.append(payloadOf(text), 1)));
  assert.ok(a && b && c);
  const [ab1, ab2] = await log.replace(
    [a, b],
    [
      { payload: payloadOf('ab1'), points: 2 },
      { payload: payloadOf('ab2'), points: 3 },
    ],
  );
  assert.ok(ab1 && ab2);
  assert.deepEqual([ab1.points, ab2.points], [2, 3]);
  assert.equal(textOf(await log.read(ab2)), 'ab2');
  const crashed = await on.crashed().open();
  assert.deepEqual(await liveTexts(crashed), ['ab1', 'ab2', 'c']);
  await crashed.close();
  await log.replace([ab2, c], [{ payload: payloadOf('ab2c'), points: 1 }]);
  await log.replace([ab1], []);
  await log.close();
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['ab2c']);
  await again.close();
});

test('some of what replaces records is replaced again, and stands where it stood', async (t) => {
  const on = rig(t);
  const log = await on.open();
  const records = await Promise.all(['a', 'b', 'c', 'd'].map((text) => log.append(payloadOf(text), 1)));
  const by = (...texts: readonly string[]) => texts.map((text) => ({ payload: payloadOf(text), points: 1 }));
  const [first] = await log.replace(records.slice(0, 3), by('abc1', 'abc2'));
  assert.ok(first);
  await log.replace([first], by('abc'));
  await log.close();
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['abc', 'abc2', 'd']);
  await again.close();
});

for (const how of ['open', 'opened again each time'] as const)
  test(`parts of what is divided are divided again, and stand where it stood; the log is ${how}`, async (t) => {
    const on = rig(t);
    let log = await on.open();
    let live: readonly StoredRecord[] = [];
    for (const text of ['a', 'b']) live = [...live, await log.append(payloadOf(text), 1)];
    const replace = async (from: number, count: number, ...texts: readonly string[]) => {
      const by = texts.map((text) => ({ payload: payloadOf(text), points: 1 }));
      live = live.toSpliced(from, count, ...(await log.replace(live.slice(from, from + count), by)));
      if (how === 'open') return;
      await log.close();
      log = await on.open();
      live = log.live;
    };
    await replace(0, 1, 'a1', 'a2');
    await replace(0, 1, 'a1');
    await replace(1, 1, 'a21', 'a22', 'a23');
    await replace(1, 2, 'a21', 'a22');
    await replace(0, 1, 'a11', 'a12', 'a13');
    await replace(1, 4, 'a12', 'a13', 'a14', 'a21', 'a22');
    await replace(0, 1, 'a11');
    await log.close();
    const again = await on.open();
    assert.deepEqual(await liveTexts(again), ['a11', 'a12', 'a13', 'a14', 'a21', 'a22', 'a23', 'b']);
    await again.close();
  });

test('forgetBefore: older records are done', async (t) => {
  const on = rig(t);
  const log = await on.open();
  const [, , c] = await Promise.all(['a', 'b', 'c', 'd'].map((text) => log.append(payloadOf(text), 1)));
  log.forgetBefore(c?.number ?? 0);
  await log.close();
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['c', 'd']);
  await again.close();
});

test('maxBytes holds, and what little is left of old segments makes no log full', async (t) => {
  const on = rig(t);
  const maxBytes = 64 * 1_024;
  const log = await on.open({ maxBytes });
  const size = () => bytesIn(on.directory);
  const first = await log.append(payloadOf('first', 1_000), 1);
  let last = first;
  for (let at = 0; at < 500; at++) {
    const record = await log.append(payloadOf(`${at}`, 1_000), 1);
    if (last !== first) log.done(last);
    last = record;
    assert.ok(log.bytes <= maxBytes && size() <= maxBytes + 1_024);
  }
  assert.equal(textOf(await log.read(first)), 'first');
  const kept: StoredRecord[] = [];
  await assert.rejects(async () => {
    for (;;) kept.push(await log.append(payloadOf('more', 1_000), 1));
  }, LogFull);
  assert.ok(kept.length > 40, `${kept.length}`);
  // A quarter is left for what replaces others.
  await log.replace(
    kept.slice(0, 10),
    Array.from({ length: 5 }, () => ({ payload: payloadOf('fewer', 1_000), points: 2 })),
  );
  assert.ok(log.bytes <= maxBytes);
  await log.close();
  const again = await on.open({ maxBytes });
  const texts = await liveTexts(again);
  assert.deepEqual(
    [texts[0], texts[1], texts.filter((text) => text === 'fewer').length, texts.filter((text) => text === 'more').length],
    ['first', '499', 5, kept.length - 10],
  );
  await again.close();
});

test('with fsync, what is done is noted while others are synced', async (t) => {
  const on = rig(t);
  const log = await on.open({ fsync: true });
  const first = await log.append(payloadOf('first'), 1);
  const { sync, synced } = await heldSync(t);
  const second = log.append(payloadOf('second'), 1);
  await until('it is being synced', () => sync.mock.callCount() === 1);
  log.done(first);
  const third = log.append(payloadOf('third'), 1);
  const killed = on.crashed();
  synced.resolve();
  await Promise.all([second, third]);
  await log.close();
  for (const [rigged, texts] of [
    [killed, ['second']],
    [on, ['second', 'third']],
  ] as const) {
    const again = await rigged.open();
    assert.deepEqual(await liveTexts(again), texts);
    await again.close();
  }
  assert.deepEqual([...on.warnings, ...killed.warnings], []);
});

test('a sync that fails undoes the notes that were written meanwhile, and nothing else', async (t) => {
  const on = rig(t);
  const log = await on.open({ fsync: true });
  const first = await log.append(payloadOf('first'), 1);
  await log.append(payloadOf('not done'), 1);
  const { sync, synced } = await heldSync(t);
  const second = log.append(payloadOf('second'), 1);
  await until('it is being synced', () => sync.mock.callCount() === 1);
  log.done(first);
  synced.reject(new Error('EIO'));
  await assert.rejects(second, /EIO/);
  sync.mock.restore();
  await log.append(payloadOf('third'), 1);
  await log.close();
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['first', 'not done', 'third']);
  await again.close();
});

/** From now on, syncs last until they are let go. */
async function heldSync(t: TestContext) {
  const probe = await open(import.meta.filename, 'r');
  const synced = Promise.withResolvers<void>();
  const sync = t.mock.method(Object.getPrototypeOf(probe), 'datasync', () => synced.promise);
  await probe.close();
  return { sync, synced };
}
