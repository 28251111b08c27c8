/** A disk that is full: what is kept is refused for the sender to send again, and goes on when there is space. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { tinyDisk } from '../exporters/file/tiny-disk.ts';
import { loadKeep, type Machine, often, openSeries, requestFrom } from './disk/played-keep.ts';

const rounds = 4;

const skip = process.platform === 'win32';

const machineNow = (): Machine => ({ ms: 1_000, boot: 1 });

const filesOf = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.segment'));

test('a disk that is full, at each write and while snapshots are written: refused for the sender to send again, and it goes on', {
  skip,
}, async (t) => {
  const directory = tinyDisk(t, 256);
  if (directory === undefined) return t.skip('skipped: this process must not mount a file system');
  const folder = folderFor(t);
  const machine = machineNow();
  const ballast = join(directory, 'ballast');
  const lines: string[] = [];
  let number = 1;
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const opened = await openSeries(directory, machine, often, (line) => lines.push(line));
    writeFileSync(ballast, Buffer.alloc(Math.max(0, statfsSync(directory).bavail * statfsSync(directory).bsize - 16_384)));
    for (let isFull = false; !isFull; ) {
      const before = opened.shown();
      const verdict = await opened.kept.take(readBatch(requestFrom(0, number, '.'.repeat(100 + 37 * round))));
      if (verdict === undefined) number++;
      else {
        assert.deepEqual([verdict.points, verdict.retryable], [5, true]);
        assert.deepEqual(opened.shown(), before);
        isFull = true;
        refused++;
      }
      await sleep(1);
    }
    rmSync(ballast);
    assert.equal(await opened.kept.take(readBatch(requestFrom(0, number++))), undefined);
    const shown = opened.shown();
    cpSync(directory, folder(`${round}`), { recursive: true, filter: (path) => !/\.(lock|owner\.\d+)$/.test(path) });
    assert.deepEqual((await loadKeep(folder(`${round}`), machine)).shown, shown);
    await opened.close();
  }
  assert.equal(refused, rounds);
  assert.match(lines.join('\n'), /requests are not taken, because they cannot be kept in .*ENOSPC.* Fix: make room there/);
});

test('a snapshot that does not fit leaves what becomes free to the senders, until there is more than it took', {
  skip,
}, async (t) => {
  const kilobyte = 1_024;
  const directory = tinyDisk(t, 1_024);
  if (directory === undefined) return t.skip('skipped: this process must not mount a file system');
  const machine = machineNow();
  const lines: string[] = [];
  const failures = () => lines.filter((line) => line.startsWith('no snapshot could be written'));
  const free = () => statfsSync(directory).bavail * statfsSync(directory).bsize;
  const ballast = join(directory, 'ballast');
  const leave = (bytes: number) => {
    rmSync(ballast, { force: true });
    writeFileSync(ballast, Buffer.alloc(free() - bytes));
  };
  const opened = await openSeries(directory, machine, often, (line) => lines.push(line));
  const take = (sender: number, number: number) => opened.kept.take(readBatch(requestFrom(sender, number, '.'.repeat(4_000))));
  await take(0, 1);
  await until('a first one', () => filesOf(directory).some((name) => name.includes('snapshot')));
  leave(300 * kilobyte);
  // Each has a resource of its own, which a snapshot repeats for each part.
  for (let sender = 1; failures().length === 0; sender++) {
    await take(sender, 1);
    await sleep(1);
  }
  // One that found little room is tried again, until it is known to take more.
  for (let isLeft = false; !isLeft; isLeft = free() > 8 * kilobyte) {
    leave(16 * kilobyte);
    const before = failures().length;
    await until('tried again', () => failures().length > before + 2);
  }
  assert.match(failures().at(-1) ?? '', /it takes more than \d+ bytes, and \d+ are free/);
  assert.equal(await take(0, 2), undefined);
  rmSync(ballast);
  const isWhole = () => opened.rig.received.series > 0 && filesOf(directory).length <= 3;
  await take(0, 3);
  await until('a whole one', isWhole);
  await opened.close();
});
