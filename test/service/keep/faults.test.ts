/**
 * Faults in the real files of series that are kept: no start fails, what is lost is named, and no value is shown that never was.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { openRecordLog } from '../../../src/service/storage/log/record-log.ts';
import { folderFor } from '../../folder-for.ts';
import { full } from '../../full.ts';
import { tinyDisk } from '../exporters/file/tiny-disk.ts';
import { loadKeep, type Machine, never, openSeries, requestFrom, type Shown } from './disk/played-keep.ts';

const isWhole = full && Number(process.env.METERBRIDGE_CASES) >= 100_000;

/** Of the places of a fault one in so many is tried. */
const every = isWhole ? 1 : 97;

const segments = isWhole ? 100_000 : 300;

const skip = process.platform === 'win32';

const machineNow = (): Machine => ({ ms: 1_000, boot: 1 });

const isDelta = (series: string) => series.startsWith('delta');

interface Kept {
  readonly directory: string;
  readonly machine: Machine;
  /** What there is without a fault. */
  readonly shown: Shown;
  /** By series, as JSON: what there was at some time. */
  readonly was: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A snapshot, and behind it what a killed process took: the same series, and others. */
async function keptBefore(t: TestContext, requests = 3): Promise<Kept> {
  const folder = folderFor(t);
  const machine = machineNow();
  const was = new Map<string, Set<string>>();
  let shown: Shown = {};
  const takeAll = async (directory: string, sender: number, from: number) => {
    const opened = await openSeries(directory, machine, never, () => {});
    for (let number = from; number < from + requests; number++) {
      await opened.kept.take(readBatch(requestFrom(sender, number)));
      shown = opened.shown();
      for (const [series, value] of Object.entries(shown))
        was.set(series, (was.get(series) ?? new Set()).add(JSON.stringify(value)));
    }
    return opened;
  };
  await (await takeAll(folder('first'), 0, 1)).close();
  const second = await takeAll(folder('first'), 1, 1);
  const directory = folder('killed');
  for (const copy of [directory, folder('whole')])
    cpSync(folder('first'), copy, { recursive: true, filter: (path) => !/\.(lock|owner\.\d+)$/.test(path) });
  await second.close();
  assert.deepEqual((await loadKeep(folder('whole'), machine)).shown, shown);
  return { directory, machine, shown, was };
}

/** @param isNamed whether what is lost is; a file that ends behind a record may be all that there was */
async function checkFault(
  { directory, machine, shown, was }: Kept,
  fault: (copy: string) => void,
  isNamed: boolean,
  what: string,
): Promise<void> {
  const copy = `${directory}-copy`;
  cpSync(directory, copy, { recursive: true });
  fault(copy);
  const found = await loadKeep(copy, machine);
  for (const [series, value] of Object.entries(found.shown)) {
    const values = was.get(series);
    assert.ok(values !== undefined, `${what}: ${series} never was`);
    if (isDelta(series)) assert.ok(Number(value) <= Number(shown[series]), `${what}: ${series} is ${value}`);
    else if (!series.startsWith('start of')) assert.ok(values.has(JSON.stringify(value)), `${what}: ${series} is ${value}`);
  }
  const hasLost = JSON.stringify(found.shown) !== JSON.stringify(shown);
  if (hasLost && isNamed) assert.match(found.lines.join('\n'), /damaged|is missing|no readable head/, `${what}: nothing is said`);
  // It goes on.
  const again = await openSeries(copy, machine, never, () => {});
  assert.equal(await again.kept.take(readBatch(requestFrom(2, 1))), undefined);
  const next = again.shown();
  await again.close();
  assert.deepEqual((await loadKeep(copy, machine)).shown, next, `${what}: behind the next start`);
  rmSync(copy, { recursive: true });
}

const filesOf = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.segment'));

test('a byte that is flipped, and a file that is cut off', { skip }, async (t) => {
  const kept = await keptBefore(t);
  const files = filesOf(kept.directory);
  assert.ok(
    files.some((name) => name.includes('-snapshot-')) && files.some((name) => !name.includes('-snapshot-')),
    files.join(),
  );
  for (const name of files) {
    const whole = readFileSync(join(kept.directory, name));
    for (let at = whole.length % every; at < whole.length; at += every) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      await checkFault(kept, (copy) => writeFileSync(join(copy, name), flipped), true, `${name}, byte ${at}`);
      await checkFault(kept, (copy) => truncateSync(join(copy, name), at), false, `${name}, length ${at}`);
    }
  }
});

test('a file that is missing', { skip }, async (t) => {
  const kept = await keptBefore(t);
  for (const name of filesOf(kept.directory)) {
    const copy = `${kept.directory}-copy`;
    cpSync(kept.directory, copy, { recursive: true });
    rmSync(join(copy, name));
    const { shown } = await loadKeep(copy, kept.machine);
    for (const [series, value] of Object.entries(shown))
      if (!series.startsWith('start of'))
        assert.ok(kept.was.get(series)?.has(JSON.stringify(value)), `${name}: ${series} ${value}`);
    rmSync(copy, { recursive: true });
  }
});

test('a snapshot without its end stays, also where another one is begun and not finished', { skip }, async (t) => {
  const folder = folderFor(t);
  const machine = machineNow();
  const openParts = () =>
    openRecordLog({ directory: folder('kept'), name: 'snapshot-prometheus', fsync: false, maxBytes: 0, warn: assert.fail });
  const first = await openSeries(folder('kept'), machine, never, () => {});
  for (let number = 1; number <= 3; number++) await first.kept.take(readBatch(requestFrom(0, number)));
  const before = first.shown();
  await first.close();
  const whole = await openParts();
  const [part] = whole.live;
  assert.ok(part);
  const payload = Buffer.from(await whole.read(part));
  // Ends have no points.
  for (const record of whole.live) if (record.points === 0) whole.done(record);
  await whole.close();
  const second = await openSeries(folder('kept'), machine, never, () => {});
  assert.deepEqual(second.shown(), before);
  await second.kept.take(readBatch(requestFrom(1, 1)));
  const after = second.shown();
  cpSync(folder('kept'), folder('killed'), { recursive: true, filter: (path) => !/\.(lock|owner\.\d+)$/.test(path) });
  await second.close();
  rmSync(folder('kept'), { recursive: true });
  cpSync(folder('killed'), folder('kept'), { recursive: true });
  const begun = await openParts();
  // The number behind which it began, and that of the last batch in it.
  for (const at of [40, 48]) payload.writeDoubleLE(4, at);
  await begun.append(payload, 1);
  await begun.close();
  assert.deepEqual((await loadKeep(folder('kept'), machine)).shown, after);
});

test('a directory that may not be written to: no start, and the error names it', { skip }, async (t) => {
  const directory = tinyDisk(t, 64);
  if (directory === undefined) return t.skip('skipped: this process must not mount a file system');
  execFileSync('mount', ['-o', 'remount,ro', directory]);
  await assert.rejects(loadKeep(directory, machineNow()), (error: Error) => {
    assert.match(error.message, /EROFS/);
    assert.ok(error.message.includes(directory), error.message);
    return true;
  });
});

test('files of another version: no start, and they stay as they are', { skip }, async (t) => {
  const { directory, machine } = await keptBefore(t);
  for (const name of filesOf(directory)) {
    const path = join(directory, name);
    const whole = readFileSync(path);
    const bytes = Buffer.from(whole);
    for (const from of [0, 24]) {
      bytes.writeUInt32LE(9, from + 8);
      bytes.writeUInt32LE(crc32(bytes.subarray(from, from + 20)), from + 20);
    }
    writeFileSync(path, bytes);
    await assert.rejects(loadKeep(directory, machine), { message: new RegExp(`${name} has version 9 of the storage format`) });
    assert.deepEqual(readFileSync(path), bytes);
    writeFileSync(path, whole);
  }
});

test('a clock that jumps a day, while it runs and between two starts, changes and expires nothing', { skip }, async (t) => {
  const directory = folderFor(t)('kept');
  const machine: Machine = { ms: 1_000, boot: 1, day: 0 };
  const day = 86_400_000;
  let before: Shown = {};
  for (const [round, jump] of [-day, 2 * day, -day].entries()) {
    const opened = await openSeries(directory, machine, never, () => {});
    assert.deepEqual(opened.shown(), before);
    await opened.kept.take(readBatch(requestFrom(0, 2 * round + 1)));
    machine.day = (machine.day ?? 0) + jump;
    await opened.kept.take(readBatch(requestFrom(0, 2 * round + 2)));
    opened.rig.received.expire();
    before = opened.shown();
    assert.equal(before['total{instance="0"}'], 2 * round + 2);
    await opened.close();
    machine.day -= jump / 2;
  }
});

test(`${segments} segments`, { skip }, async (t) => {
  const folder = folderFor(t);
  const machine = machineNow();
  const first = await openSeries(folder('first'), machine, never, () => {});
  for (let number = 1; number <= 3; number++) await first.kept.take(readBatch(requestFrom(0, number)));
  // As SIGKILL leaves it: one record a request, of which each gets a segment of its own, with what fills it up.
  const log = await openRecordLog({ directory: folder('first'), name: 'prometheus', fsync: false, maxBytes: 0, warn: () => {} });
  const payloads = await Promise.all(log.live.map((record) => log.read(record)));
  await log.close();
  await first.close();
  mkdirSync(folder('many'));
  const options = {
    directory: folder('many'),
    name: 'prometheus',
    segmentBytes: 4_096,
    fsync: false,
    maxBytes: 0,
    warn: assert.fail,
  };
  const many = await openRecordLog(options);
  for (let at = 0; at < segments; at++) await many.append(payloads[at % 3] as Uint8Array, 1);
  await many.close();
  const { shown } = await loadKeep(folder('many'), machine);
  assert.equal(shown['total{instance="0"}'], 3);
});
