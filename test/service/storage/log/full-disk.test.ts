/** A disk that is full, at each write in turn: what is acknowledged is there, and it goes on once there is room. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRecordLog } from '../../../../src/service/storage/log/record-log.ts';
import { tinyDisk } from '../../exporters/file/tiny-disk.ts';
import { liveTexts, payloadOf } from './rig.ts';

const kilobytes = 256;

test('a full disk', async (t) => {
  const directory = tinyDisk(t, kilobytes);
  if (directory === undefined) return;
  const open = () =>
    openRecordLog({ directory, name: 'queue', segmentBytes: 16_384, fsync: false, maxBytes: 0, warn: assert.fail });
  const ballast = join(directory, 'ballast');
  // Each time it is full somewhere else.
  for (let left = 0; left < 40; left++) {
    const log = await open();
    const before = await liveTexts(log);
    const expected = [...before];
    writeFileSync(ballast, Buffer.alloc((kilobytes - 64 - left) * 1_024));
    let isFull = false;
    for (let at = 0; !isFull; at++) {
      const text = `${left}/${at}`;
      try {
        const payload = payloadOf(text, 700 + 37 * left);
        if (left % 2 === 0 || log.appendNow([payload], 1) === undefined) await log.append(payload, 1);
        expected.push(text);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
        isFull = true;
      }
    }
    rmSync(ballast);
    await log.append(payloadOf(`${left}/more`), 1);
    expected.push(`${left}/more`);
    await log.close();
    const again = await open();
    assert.deepEqual(await liveTexts(again), expected);
    for (const record of again.live) again.done(record);
    await again.close();
  }
});
