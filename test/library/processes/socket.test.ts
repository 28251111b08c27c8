/** What comes over a socket is bounded, on both sides. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerAt, createAsking } from '../../../src/library/processes/socket.ts';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { listenAt } from './garbage.ts';

const skip = process.platform === 'win32';

test('one who asks without an end and reads nothing has one answer on its way', { skip }, async (t) => {
  const path = folderFor(t)('a.sock');
  let answers = 0;
  const answering = await answerAt(path, async () => {
    answers++;
    return Buffer.alloc(8 * 1024 * 1024);
  });
  t.after(() => answering.close());
  const asking = createConnection(path);
  await once(asking, 'connect');
  asking.pause();
  for (let time = 0; time < 200; time++) {
    asking.write(Buffer.alloc(1_024));
    await sleep(1);
  }
  assert.equal(answers, 1);
  asking.destroy();
});

test('an answer that is sent after the record ends the connection', { skip }, async (t) => {
  const path = folderFor(t)('a.sock');
  const record = Buffer.alloc(16);
  record.writeUInt32LE(16, 0);
  record.writeUInt32LE(0x4d42_0003, 12);
  let send = () => {};
  let ended = false;
  await listenAt(t, path, (socket) => {
    socket.resume().on('close', () => {
      ended = true;
    });
    socket.write(record);
    send = () => socket.write(record);
  });
  const asking = createAsking();
  t.after(() => asking.close());
  assert.ok(Buffer.isBuffer(await asking.ask(path, 0, 1_000)));
  assert.ok(asking.isConnected(path));
  send();
  await until('ended', () => ended && !asking.isConnected(path));
});

test('those who have a connection are answered where the socket has moved, and others at the new path', { skip }, async (t) => {
  const folder = folderFor(t);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(16, 0);
  record.writeUInt32LE(0x4d42_0003, 12);
  const answering = await answerAt(folder('a.sock'), async () => record);
  const [one, other] = [createAsking(), createAsking()];
  t.after(async () => {
    one.close();
    other.close();
    await answering.close();
  });
  assert.deepEqual(await one.ask(folder('a.sock'), 0, 1_000), record);
  await answering.move(folder('b.sock'));
  assert.deepEqual(await one.ask(folder('a.sock'), 0, 1_000), record);
  assert.deepEqual(await other.ask(folder('b.sock'), 0, 1_000), record);
  assert.equal(await other.ask(folder('a.sock'), 0, 1_000), 'gone');
});

test('a path at which nobody can listen is gone; where this process has no room, it is not known', { skip }, async (t) => {
  const folder = folderFor(t);
  const asking = createAsking();
  t.after(() => asking.close());
  assert.equal(await asking.ask(folder('none.sock'), 0, 1_000), 'gone');
  assert.equal(await asking.ask(folder('file.sock', 'text'), 0, 1_000), 'gone');
  assert.equal(await asking.ask(join(folder('x'.repeat(200))), 0, 1_000), 'late');
});
