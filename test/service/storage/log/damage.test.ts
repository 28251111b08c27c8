/** Faults in the real files: what is damaged is found and named, and all else is read. */
import assert from 'node:assert/strict';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { UnknownVersion } from '../../../../src/service/storage/log/errors.ts';
import { openRecordLog } from '../../../../src/service/storage/log/record-log.ts';
import { repeated } from '../../../full.ts';
import { until } from '../../../until.ts';
import { liveTexts, payloadOf, type Rig, rig, textOf } from './rig.ts';

const texts = ['first record', 'second', 'third one', '4'];

/** Some records live, one done, two replaced by one; in one file. */
async function filled(on: Rig): Promise<readonly string[]> {
  const log = await on.open();
  const records = await Promise.all(['gone', ...texts, 'x', 'y'].map((text) => log.append(payloadOf(text), 1)));
  log.done(records[0] as (typeof records)[0]);
  await log.replace(records.slice(-2), [{ payload: payloadOf('xy'), points: 2 }]);
  await log.close();
  return [...texts, 'xy'];
}

test('a byte that is flipped, at each place in turn, is found, or harms nothing', async (t) => {
  const on = rig(t);
  const expected = await filled(on);
  const [file = ''] = on.files();
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    const copy = rig(t);
    writeFileSync(file.replace(on.directory, copy.directory), damaged);
    const log = await copy.open();
    const live = await liveTexts(log);
    // What is done may be live again: it is sent twice.
    const known = [...expected, 'gone', 'x', 'y'];
    for (const text of live) assert.ok(known.includes(text), `byte ${at}: ${text}`);
    const lost = expected.filter((text) => !live.includes(text));
    if (lost.length > 0 || live.length > expected.length) {
      assert.ok(log.damaged.records > 0, `byte ${at}: nothing is said of ${lost}`);
      assert.match(copy.warnings[0] ?? '', /segment/);
    }
    assert.ok(lost.length <= 1, `byte ${at}: ${lost} are lost`);
    await log.close();
  }
});

test('a file that is cut off, at each length: what is whole is read', async (t) => {
  const on = rig(t);
  const expected = await filled(on);
  const [file = ''] = on.files();
  const whole = readFileSync(file);
  let before = 0;
  for (let length = 0; length <= whole.length; length++) {
    const copy = rig(t);
    writeFileSync(file.replace(on.directory, copy.directory), whole.subarray(0, length));
    const log = await copy.open();
    const live = await liveTexts(log);
    for (const text of live) assert.ok([...expected, 'gone', 'x', 'y'].includes(text), `length ${length}: ${text}`);
    const count = texts.filter((text) => live.includes(text)).length;
    assert.ok(count >= before, `length ${length}`);
    before = count;
    // It goes on.
    await log.append(payloadOf('next'), 1);
    await log.close();
    const again = await copy.open();
    assert.deepEqual(await liveTexts(again), [...live, 'next']);
    await again.close();
  }
  assert.equal(before, texts.length);
});

test('a segment that is missing is named', async (t) => {
  const on = rig(t);
  const log = await on.open({ segmentBytes: 4_096 });
  for (let at = 0; at < 9; at++) await log.append(payloadOf(`${at}`, 1_300), 1);
  await log.close();
  const [, second = '', third = ''] = on.files();
  rmSync(second);
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['0', '1', '2', '6', '7', '8']);
  assert.match(on.warnings[0] ?? '', /000003\.segment follows segment 1: what was between them is missing/);
  await again.close();
  assert.ok(statSync(third).size > 0);
});

test('a segment that goes while the log is open is damaged; where the whole directory has gone, it may come back', async (t) => {
  const on = rig(t);
  const elsewhere = `${on.directory}-elsewhere`;
  const log = await on.open({ segmentBytes: 4_096, lost: () => (existsSync(on.directory) ? undefined : new Error('not there')) });
  const oldest = await log.append(payloadOf('oldest', 4_000), 1);
  const other = await log.append(payloadOf('other', 4_000), 1);
  renameSync(on.directory, elsewhere);
  await assert.rejects(log.read(oldest), { message: 'not there' });
  renameSync(elsewhere, on.directory);
  assert.equal(textOf(await log.read(other)), 'other');
  rmSync(on.files()[0] as string);
  await assert.rejects(log.read(oldest), { name: 'DamagedRecord', message: /000001\.segment is gone$/ });
  await log.close();
});

test('a head that is damaged in one copy is read from the other; where nothing is whole, the file is put aside', async (t) => {
  const on = rig(t);
  await filled(on);
  const [file = ''] = on.files();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 0, 20);
  writeFileSync(file, bytes);
  const log = await on.open();
  assert.equal(log.live.length, 5);
  await log.close();
  bytes.fill(0xff, 0, bytes.length - 10);
  writeFileSync(file, bytes);
  const again = await on.open();
  assert.deepEqual([again.live.length, again.damaged.records, again.damaged.bytes], [0, 1, bytes.length]);
  assert.deepEqual(readFileSync(`${file}.damaged`), bytes);
  await again.close();
});

test('a version that is not known is refused, and its file stays as it is', async (t) => {
  const on = rig(t);
  await filled(on);
  const [file = ''] = on.files();
  const { crc32 } = await import('node:zlib');
  const bytes = readFileSync(file);
  for (const from of [0, 24]) {
    bytes.writeUInt32LE(2, from + 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(from, from + 20)), from + 20);
  }
  writeFileSync(file, bytes);
  await assert.rejects(on.open(), (error: Error) => {
    assert.ok(error instanceof UnknownVersion);
    assert.ok(error.message.startsWith(`${file} has version 2`), error.message);
    return true;
  });
  assert.deepEqual(readFileSync(file), bytes);
});

test('what a sender sends is taken for no record, whatever it looks like', async (t) => {
  const on = rig(t);
  await filled(on);
  const [file = ''] = on.files();
  const own = readFileSync(file);
  const next = rig(t);
  const log = await next.open();
  const first = await log.append(own, 1);
  await log.append(payloadOf('after'), 1);
  await log.close();
  // Its head is damaged, and so what follows is searched.
  const [other = ''] = next.files();
  const bytes = readFileSync(other);
  bytes[48 + 8] = 0xff;
  writeFileSync(other, bytes);
  const again = await next.open();
  assert.deepEqual(await liveTexts(again), ['after']);
  assert.equal(again.damaged.bytes, 48 + first.length);
  await again.close();
});

test('a directory that is no directory', async (t) => {
  const on = rig(t);
  const file = `${on.directory}/file`;
  writeFileSync(file, '');
  await assert.rejects(openRecordLog({ directory: file, name: 'queue', fsync: false, maxBytes: 0, warn: () => {} }), /ENOTDIR/);
});

test('a record that is damaged while the log is open is not read', async (t) => {
  const on = rig(t);
  const log = await on.open();
  const record = await log.append(payloadOf('abcdef'), 1);
  const [file = ''] = on.files();
  truncateSync(file, statSync(file).size - 1);
  await assert.rejects(log.read(record), /is not what was written/);
  await log.close();
});

test('many segments', async (t) => {
  const count = repeated(500, 5_000, 100_000);
  const on = rig(t);
  const log = await on.open({ segmentBytes: 4_096 });
  await Promise.all(Array.from({ length: count }, (_, at) => log.append(payloadOf(`${at}`, 4_000), 1)));
  await log.close();
  assert.equal(on.files().length, count);
  const again = await on.open({ segmentBytes: 4_096 });
  assert.equal(again.live.length, count);
  for (const record of again.live) again.done(record);
  await again.close();
  assert.ok(on.files().length <= 1);
  renameSync(on.directory, `${on.directory}-done`);
});

test('a read that fails leaves no file open, nor does one behind the end', { skip: process.platform !== 'linux' }, async (t) => {
  const on = rig(t);
  const log = await on.open();
  const records = await Promise.all(['a', 'b', 'c', 'd'].map((text) => log.append(payloadOf(text, 100), 1)));
  const [file = ''] = on.files();
  const bytes = readFileSync(file);
  bytes.fill(0xff, bytes.indexOf('b...') - 48, bytes.indexOf('b...'));
  writeFileSync(file, bytes);
  const isOpen = () => readdirSync('/proc/self/fd').some((number) => linkAt(`/proc/self/fd/${number}`) === file);
  const read = await Promise.allSettled(records.map((record) => log.read(record)));
  assert.deepEqual(
    read.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  const late = log.read(records[0] as (typeof records)[0]);
  await log.close();
  await Promise.allSettled([late, log.read(records[2] as (typeof records)[0])]);
  await until('closed', () => !isOpen());
});

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
