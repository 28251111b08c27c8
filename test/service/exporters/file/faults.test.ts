/** A disk that is full, a file that is moved away, and a file that takes nothing. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../../until.ts';
import { batchOf, lineOf, longLine, rig, rigIn, rotation } from './rig.ts';
import { tinyDisk } from './tiny-disk.ts';

const noDevice = existsSync('/dev/full') ? false : 'there is no /dev/full here';

test('a device that is always full: senders are asked to send again, and what was taken is counted at the end', {
  skip: noDevice,
}, async (t) => {
  const { exporter, refusals, warnings } = rig(t, { path: '/dev/full', append: true });
  await exporter.start();
  assert.equal(exporter.consume(batchOf(lineOf('a', 3))), undefined);
  await until('the write has failed', () => refusals.length > 0);
  assert.match(refusals[0] ?? '', /^not_written: exporters\.file\.path: \/dev\/full cannot be written: ENOSPC/);
  const verdict = await exporter.consume(batchOf(lineOf('b', 2)));
  assert.deepEqual(verdict, { points: 2, why: 'the file cannot be written: ENOSPC: no space left on device', retryable: true });
  await exporter.shutdown();
  assert.deepEqual(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^3 points are lost: \/dev\/full cannot be written: ENOSPC/);
});

test('a file that cannot be opened again: its path is for the log alone', async (t) => {
  const { exporter, refusals, path } = rig(t, { rotation });
  await exporter.start();
  mkdirSync(path);
  assert.equal(await exporter.consume(batchOf(lineOf('a'))), undefined);
  await until('the write has failed', () => refusals.length > 0);
  assert.match(refusals[0] ?? '', /^not_written: exporters\.file\.path: .*out\.jsonl cannot be written: EISDIR.*out\.jsonl/);
  const { why } = (await exporter.consume(batchOf(lineOf('b')))) ?? {};
  assert.match(why ?? '', /^the file cannot be written: EISDIR: [a-z ]+$/);
  await exporter.shutdown();
});

for (const settings of [{}, { rotation }, { append: true }]) {
  test(`a disk that becomes full, and has room again: ${JSON.stringify(settings)}`, async (t) => {
    const folder = tinyDisk(t, 256);
    if (folder === undefined) return t.skip('this process must not mount a file system');
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(100 * 1_024));
    const { exporter, refusals, path, text } = rigIn(folder, settings);
    await exporter.start();
    const taken: string[] = [];
    while (refusals.length === 0) {
      const line = longLine(`m${taken.length}`, 30_000);
      assert.equal(await exporter.consume(batchOf(line)), undefined);
      taken.push(line);
      await until(
        'the line is written, or is not',
        () => refusals.length > 0 || (existsSync(path) && text() === `${taken.join('\n')}\n`),
      );
    }
    assert.match(refusals[0] ?? '', /ENOSPC/);
    assert.equal((await exporter.consume(batchOf(lineOf('refused'))))?.retryable, true);
    await until('whole lines alone are in the file', () => text() === `${taken.slice(0, -1).join('\n')}\n`);
    rmSync(ballast);
    await until('all that was taken is in the file', () => text() === `${taken.join('\n')}\n`);
    await until('more is taken', async () => (await exporter.consume(batchOf(lineOf('last')))) === undefined);
    await exporter.shutdown();
    assert.equal(text(), `${[...taken, lineOf('last')].join('\n')}\n`);
  });
}

test('a disk that stays full: the file ends with a whole line, and the rest is counted', async (t) => {
  const folder = tinyDisk(t, 128);
  if (folder === undefined) return t.skip('this process must not mount a file system');
  const { exporter, refusals, warnings, path, text } = rigIn(folder);
  await exporter.start();
  let points = 0;
  const line = longLine('m', 30_000);
  for (let whole = line.length + 1; refusals.length === 0; whole += line.length + 1) {
    const batch = batchOf(line);
    assert.equal(await exporter.consume(batch), undefined);
    points += batch.points;
    // A part of the line is in the file before the write fails.
    await until('the line is written, or cannot be', () => refusals.length > 0 || statSync(path).size === whole);
  }
  await exporter.shutdown();
  const lines = text().split('\n');
  assert.equal(lines.pop(), '');
  const written = lines.map(
    (line) => JSON.parse(line).resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints.length as number,
  );
  const lost = points - written.reduce((sum, count) => sum + count, 0);
  assert.ok(lines.length > 0 && lost > 0);
  assert.match(warnings.join('\n'), new RegExp(`^${lost} points are lost: .* ENOSPC`));
});

test('a file that is moved away is written on, as in the Collector', async (t) => {
  const { exporter, path, folder, text } = rig(t);
  await exporter.start();
  exporter.consume(batchOf(lineOf('a')));
  await until('the first line', () => statSync(path).size > 0);
  renameSync(path, join(folder, 'moved'));
  exporter.consume(batchOf(lineOf('b')));
  await exporter.shutdown();
  assert.deepEqual([existsSync(path), text('moved')], [false, `${lineOf('a')}\n${lineOf('b')}\n`]);
});

test('with rotation, a file that is moved away is missed at the next rotation', async (t) => {
  const { exporter, path, folder, names, text } = rig(t, { rotation });
  await exporter.start();
  exporter.consume(batchOf(longLine('a', 600_000)));
  await until('the first line', () => existsSync(path) && statSync(path).size > 600_000);
  renameSync(path, join(folder, 'moved'));
  exporter.consume(batchOf(longLine('b', 600_000)));
  await exporter.shutdown();
  assert.deepEqual(names(), ['moved', 'out.jsonl']);
  assert.equal(`${text('moved')}${text()}`, `${longLine('a', 600_000)}\n${longLine('b', 600_000)}\n`);
});
