/**
 * No segment is larger than one that is read: what is written together goes on in the next one, and what is too large for any is
 * rejected.
 */
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { headBytes, mostSegmentBytes, recordHeadBytes } from '../../../../src/service/storage/log/format.ts';
import { liveTexts, payloadOf, rig, textOf } from './rig.ts';

const segmentBytes = 4_096;
const texts = Array.from({ length: 50 }, (_, at) => `record ${at}`);
const records = texts.map((text) => ({ payload: payloadOf(text, 1_000), points: 1 }));

for (const replacesAny of [true, false])
  test(`what replaces ${replacesAny ? 'records' : 'nothing'} has as many segments as it takes`, async (t) => {
    const on = rig(t);
    const log = await on.open({ segmentBytes });
    const old = replacesAny ? [await log.append(payloadOf('old'), 1)] : [];
    const stored = await log.replace(old, records);
    assert.deepEqual(await Promise.all(stored.map(async (record) => textOf(await log.read(record)))), texts);
    for (const file of on.files()) assert.ok(statSync(file).size <= segmentBytes, file);
    assert.ok(on.files().length > 12);
    const crashed = on.crashed();
    assert.deepEqual(await liveTexts(await crashed.open()), texts);
    assert.deepEqual(crashed.warnings, []);
    await log.close();
  });

test('a record that no segment has room for is rejected, and leaves nothing behind', {
  skip: process.platform === 'win32',
}, async (t) => {
  const on = rig(t);
  const log = await on.open();
  await log.append(payloadOf('before'), 1);
  // Of pages that nobody has touched.
  const tooLarge = Buffer.alloc(mostSegmentBytes - headBytes - recordHeadBytes + 1);
  assert.equal(log.appendNow([tooLarge], 1), undefined);
  await assert.rejects(log.append(tooLarge, 1), /a segment has at most 1073741824 bytes, and this would have 1073741825/);
  const old = log.live;
  await assert.rejects(log.replace(old, [{ payload: tooLarge, points: 1 }]), RangeError);
  await log.append(payloadOf('behind'), 1);
  await log.close();
  assert.deepEqual(await liveTexts(await on.open()), ['before', 'behind']);
});
