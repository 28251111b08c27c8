/**
 * Segments whose first sector is gone, and with it the sync word: all whole records behind it are read, and nothing that imitates
 * records.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { crcRanges } from '../../../../src/service/storage/log/crc-ranges.ts';
import { numbersPayload, recordHead, recordType } from '../../../../src/service/storage/log/format.ts';
import type { NewRecord } from '../../../../src/service/storage/log/record-log.ts';
import { findingSyncWord } from '../../../../src/service/storage/log/sync-word.ts';
import { liveTexts, payloadOf, type Rig, rig } from './rig.ts';

const sector = 512;
const recordHeadBytes = 48;
const word = () => randomBytes(8);

/** A record of format 1 as anyone could write it. */
function imitated(
  sync: Uint8Array,
  payload: Uint8Array,
  head: { type?: number; number?: number; length?: number; group?: number } = {},
): Buffer {
  const { type = recordType.data, number = 7, length = payload.length, group = 0 } = head;
  return Buffer.concat([recordHead(sync, { type, length, points: 1, group, number, place: number }, [payload]), payload]);
}

/** Of the one segment. */
function damage(on: Rig, change: (bytes: Buffer) => Buffer | undefined): void {
  const file = on.files().at(-1) as string;
  const bytes = readFileSync(file);
  writeFileSync(file, change(bytes) ?? bytes);
}

const zeroFirst = (bytes: Buffer) => bytes.fill(0, 0, sector);

async function written(on: Rig, payloads: readonly Uint8Array[]): Promise<void> {
  const log = await on.open();
  for (const payload of payloads) await log.append(payload, 1);
  await log.close();
}

/** What is read once the first sector is zeroed. */
async function readWithoutHead(
  t: TestContext,
  payloads: readonly Uint8Array[],
  more: (bytes: Buffer) => Buffer | undefined = () => undefined,
) {
  const on = rig(t);
  await written(on, payloads);
  damage(on, (bytes) => more(zeroFirst(bytes)));
  const log = await on.open();
  const texts = await liveTexts(log);
  await log.close();
  return { texts, damaged: log.damaged, warnings: on.warnings };
}

async function copiedSegment(t: TestContext): Promise<Buffer> {
  const on = rig(t);
  await written(
    on,
    Array.from({ length: 40 }, (_, at) => payloadOf(`imitated ${at}`, 100)),
  );
  return readFileSync(on.files()[0] as string);
}

test('a zeroed first sector costs the records in it, and its line says how much', async (t) => {
  const texts = Array.from({ length: 40 }, (_, at) => `record ${at}`);
  const {
    texts: read,
    damaged,
    warnings,
  } = await readWithoutHead(
    t,
    texts.map((text) => payloadOf(text, 100)),
  );
  // Of 148 bytes each: those behind 48 + 4 × 148 are whole.
  assert.deepEqual(read, texts.slice(4));
  assert.deepEqual(damaged, { records: 1, bytes: 48 + 4 * 148 });
  assert.match(
    warnings[0] ?? '',
    /000001\.segment is damaged or cut off at byte 0: 640 bytes are skipped, all other records are read/,
  );
});

test('without the head alone, nothing is lost: also what is done stays done', async (t) => {
  const on = rig(t);
  const log = await on.open();
  const records = await Promise.all(['a', 'b', 'c'].map((text) => log.append(payloadOf(text), 1)));
  log.done(records[1] as (typeof records)[1]);
  await log.replace([records[2] as (typeof records)[2]], [{ payload: payloadOf('c2'), points: 1 }]);
  await log.close();
  damage(on, (bytes) => bytes.fill(0, 0, 48));
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['a', 'c2']);
  await again.append(payloadOf('next'), 1);
  await again.close();
  const last = await on.open();
  assert.deepEqual(await liveTexts(last), ['a', 'c2', 'next']);
  await last.close();
});

test('what was cut off behind it, too, costs the record that was cut off', async (t) => {
  const texts = Array.from({ length: 10 }, (_, at) => `record ${at}`);
  const payloads = texts.map((text) => payloadOf(text, 100));
  for (const cut of [1, 99, 100, 101, 147, 148, 149]) {
    const { texts: read } = await readWithoutHead(t, payloads, (bytes) => bytes.subarray(0, bytes.length - cut));
    assert.deepEqual(read, texts.slice(4, cut > 148 ? 8 : 9), `cut by ${cut}`);
  }
});

test('a payload that has a whole copied segment in it is no segment', async (t) => {
  const copied = await copiedSegment(t);
  const real = ['one', 'two', 'three'];
  const filler = payloadOf('first', sector);
  const reals = real.map((text) => payloadOf(text, 100));
  const places: readonly (readonly [string, readonly Uint8Array[], readonly string[]])[] = [
    ['first, its head is gone', [copied, ...reals], real],
    ['first, beside the words of others', [Buffer.concat([copied, await copiedSegment(t)]), ...reals], real],
    ['among others', [filler, reals[0] as Buffer, copied, ...reals.slice(1)], real],
    ['last', [filler, ...reals, copied], real],
  ];
  for (const [what, payloads, expected] of places) {
    const { texts } = await readWithoutHead(t, payloads);
    assert.deepEqual(
      texts.filter((text) => text.length < 20),
      expected,
      what,
    );
    assert.equal(
      texts.some((text) => text.startsWith('imitated')),
      false,
      what,
    );
  }
});

test('records that claim to go on to the end of the segment, or beyond it, are imitations', async (t) => {
  const real = ['one', 'two', 'three'];
  const own = word();
  const start = Buffer.concat([payloadOf('x', sector), imitated(own, payloadOf('imitated', 60))]);
  const rest = real.length * (recordHeadBytes + 100);
  for (const length of [1, rest - 1, rest, rest + 1, 2 ** 29]) {
    const claims = imitated(own, Buffer.alloc(0), { length });
    const { texts } = await readWithoutHead(t, [Buffer.concat([start, claims]), ...real.map((text) => payloadOf(text, 100))]);
    assert.deepEqual(texts, real, `${length} bytes`);
  }
  // The last one is cut off, and so both could be it.
  const beyond = imitated(own, Buffer.alloc(0), { length: 2 ** 29 });
  const cut = (bytes: Buffer) => bytes.subarray(0, bytes.length - 10);
  const { texts, warnings } = await readWithoutHead(
    t,
    [Buffer.concat([start, beyond]), ...real.map((text) => payloadOf(text, 100))],
    cut,
  );
  assert.deepEqual(texts, []);
  assert.match(warnings[0] ?? '', /neither a readable head nor records that are surely its own/);
});

test('where nothing but an imitation is left, it takes nothing from other segments', async (t) => {
  const on = rig(t);
  await written(on, [payloadOf('kept', 100), payloadOf('kept too', 100)]);
  const own = word();
  const many = numbersPayload([1, 2, 2 ** 60]);
  const imitation = Buffer.concat([
    payloadOf('x', sector),
    imitated(own, payloadOf('imitated'), { number: 1 }),
    imitated(own, payloadOf('later'), { number: 2 ** 60 }),
    imitated(own, many, { type: recordType.done, number: 0 }),
    imitated(own, numbersPayload([2 ** 50]), { type: recordType.forget, number: 0 }),
    imitated(own, many, { type: recordType.replace, number: 0, group: 2 ** 32 - 1 }),
  ]);
  await written(on, [imitation]);
  damage(on, zeroFirst);
  const log = await on.open();
  assert.deepEqual(await liveTexts(log), ['kept', 'kept too']);
  const added = [await log.append(payloadOf('a'), 1), await log.append(payloadOf('b'), 1)];
  await log.replace(added, [{ payload: payloadOf('ab'), points: 2 }] satisfies readonly NewRecord[]);
  await log.close();
  const again = await on.open();
  assert.deepEqual(await liveTexts(again), ['kept', 'kept too', 'ab']);
  await again.close();
});

test('the checksum of each range is that of zlib', () => {
  const bytes = randomBytes(20_000);
  const crc = crcRanges(bytes);
  for (let round = 0; round < 2_000; round++) {
    const from = Math.floor(Math.random() * (bytes.length + 1));
    const to = from + Math.floor(Math.random() * (bytes.length + 1 - from));
    assert.equal(crc(from, to), crc32(bytes.subarray(from, to)), `${from} to ${to}`);
  }
});

test('the work is linear in the size of the segment, whatever is in it', () => {
  const heads = (bytes: number, length: (at: number) => number, sync: (at: number) => Uint8Array) => {
    const all = Buffer.alloc(bytes);
    for (let at = 48; at + 2 * recordHeadBytes <= bytes; at += recordHeadBytes)
      all.set(
        recordHead(sync(at), { type: 1, length: Math.max(0, length(at)), points: 1, group: 0, number: 1, place: 1 }, []),
        at,
      );
    return all;
  };
  const one = word();
  const many = (at: number) => {
    const sync = Buffer.alloc(8);
    sync.writeUInt32LE(at);
    return sync;
  };
  const shapes: readonly (readonly [string, (bytes: number) => Buffer])[] = [
    ['zeros', (bytes) => Buffer.alloc(bytes)],
    ['types', (bytes) => Buffer.alloc(bytes, Uint8Array.of(1, 0, 0, 0))],
    [
      'heads of half a segment each',
      (bytes) =>
        heads(
          bytes,
          () => bytes / 2,
          () => one,
        ),
    ],
    [
      'heads that end with it',
      (bytes) =>
        heads(
          bytes,
          (at) => bytes - at - recordHeadBytes,
          () => one,
        ),
    ],
    ['heads of a word each', (bytes) => heads(bytes, (at) => bytes - at - recordHeadBytes, many)],
    ['records of a word each', (bytes) => heads(bytes, () => 0, many)],
  ];
  for (const [what, shape] of shapes) {
    const [half, whole] = [2 ** 19, 2 ** 20].map((bytes) => cpuOf(shape(bytes))) as [number, number];
    assert.ok(whole <= 3 * half + 20, `${what}: ${half} ms of CPU, then ${whole} ms`);
  }
});

/** The least of three, in milliseconds. */
function cpuOf(bytes: Buffer): number {
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    for (const _ of findingSyncWord(bytes));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}

test('stretches of zeros are gone over at once, and a record behind them is found, wherever it begins', () => {
  const sync = Buffer.alloc(8, 7);
  const record = imitated(sync, payloadOf('behind'));
  const far = 32 * 2 ** 20;
  let steps = 0;
  for (const from of [...Array.from({ length: 48 }, (_, at) => 4_096 + at), far]) {
    const search = findingSyncWord(Buffer.concat([Buffer.alloc(from), record]));
    steps = 0;
    let step = search.next();
    for (; step.done !== true; step = search.next()) steps++;
    assert.deepEqual(step.value, { sync, from });
  }
  // Of each 65,536 places alone they would be 512.
  assert.ok(steps < 64, String(steps));
});
