/** What stands at the path is no file: pipes that nobody reads, whose reader goes or stops, devices, folders, links. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../../until.ts';
import { batchOf, lineOf, longLine, rig, rigIn, rotation } from './rig.ts';

const skip = process.platform === 'win32' && 'there are no pipes in folders here';

interface Reader {
  text(): string;
  /** Closes its end. */
  end(): Promise<void>;
}

/** @param once it goes after what it reads first */
function readerOf(t: TestContext, path: string, once = false): Reader {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (once) socket.destroy();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  t.after(() => socket.destroy());
  return {
    text: () => text,
    end() {
      socket.destroy();
      return closed;
    },
  };
}

function piped(t: TestContext) {
  const { folder } = rig(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const made = rigIn(folder, { path: 'pipe' });
  // Where a test fails, too.
  t.after(() => made.exporter.shutdown());
  return made;
}

test('a pipe that nobody reads: it starts, says so, refuses what it cannot hold for sure, and ends', { skip }, async (t) => {
  const { exporter, refusals, warnings } = piped(t);
  await exporter.start();
  assert.match(warnings[0] ?? '', /pipe: no program reads this pipe yet, so senders are asked to send again\. Fix: read it/);
  assert.equal(exporter.consume(batchOf(lineOf('a', 3))), undefined);
  await until('told', () => refusals.length > 0);
  assert.match(refusals[0] ?? '', /^not_written: exporters\.file\.path: .*pipe cannot be written: no program reads this pipe/);
  const verdict = await exporter.consume(batchOf(lineOf('b', 2)));
  assert.deepEqual([verdict?.points, verdict?.retryable], [2, true]);
  await exporter.shutdown();
  assert.match(warnings[1] ?? '', /^3 points are lost: .*pipe cannot be written: no program reads this pipe/);
});

test('a reader that comes late gets all that was taken, and one that follows another gets whole lines', { skip }, async (t) => {
  const { exporter, path, refusals, warnings } = piped(t);
  await exporter.start();
  exporter.consume(batchOf(lineOf('a')));
  await until('told', () => refusals.length > 0);
  const first = readerOf(t, path);
  await until('the first line', () => first.text() === `${lineOf('a')}\n`);
  await until('more is taken', async () => (await exporter.consume(batchOf(lineOf('b')))) === undefined);
  await until('the second line', () => first.text() === `${lineOf('a')}\n${lineOf('b')}\n`);
  await first.end();
  // This one reads a part of a line and goes: the next one gets the line from its begin.
  const long = longLine('c', 1_000_000);
  const told = refusals.length;
  const second = readerOf(t, path, true);
  await until('taken', async () => (await exporter.consume(batchOf(long))) === undefined);
  await until('a part', () => second.text() !== '');
  await second.end();
  assert.ok(second.text().length < long.length);
  await until('the reader is missed', () => refusals.length > told);
  const last = readerOf(t, path);
  await until('the whole line', () => last.text() === `${long}\n`);
  await exporter.shutdown();
  assert.deepEqual(warnings.slice(1), []);
});

test('a reader that stops does not hold up the end', { skip }, async (t) => {
  const { exporter, path, warnings } = piped(t);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  t.after(() => closeSync(fd));
  await exporter.start();
  const large = batchOf(longLine('m', 4_000_000));
  assert.equal(exporter.consume(large), undefined);
  await exporter.shutdown();
  assert.deepEqual(warnings, [`${large.points} points are lost: ${path} cannot be written: its reader takes too long`]);
});

test('devices that take all, and a link to a file', { skip }, async (t) => {
  const { folder } = rig(t);
  symlinkSync(join(folder, 'target'), join(folder, 'link'));
  for (const path of ['/dev/null', 'link']) {
    const { exporter, warnings, refusals } = rigIn(folder, { path });
    await exporter.start();
    assert.equal(exporter.consume(batchOf(lineOf('a'))), undefined);
    await exporter.shutdown();
    assert.deepEqual([...warnings, ...refusals], []);
  }
  assert.equal(readFileSync(join(folder, 'target'), 'utf8'), `${lineOf('a')}\n`);
});

test('what cannot be written to is refused at the start, and nothing is renamed', { skip }, async (t) => {
  const { folder, names } = rig(t);
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const server = createServer().listen(join(folder, 'socket'));
  t.after(() => server.close());
  await until('listening', () => names().includes('socket'));
  const before = names();
  for (const [path, settings, rule] of [
    ['folder', {}, /folder cannot be opened: it is a directory\. Fix: write the path of a file/],
    ['folder', { rotation }, /folder cannot be opened: it is a directory/],
    ['socket', {}, /socket cannot be opened: it is a socket, .*Fix: write the path of a file/],
    ['pipe', { rotation }, /pipe cannot be opened: it is no file, which rotation could rename\. Fix: leave rotation out/],
    ['/dev/null', { rotation }, /\/dev\/null cannot be opened: it is no file/],
  ] as const)
    await assert.rejects(rigIn(folder, { path, ...settings }).exporter.start(), rule);
  assert.deepEqual(names(), before);
});
