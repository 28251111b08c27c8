/** A server at a path: what stands there already decides. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bindSocket } from '../../../src/net/listen/bind-socket.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'meterbridge-socket-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function bindable(t: TestContext): { readonly server: Server; close(): Promise<void> } {
  const server = createServer();
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  t.after(close);
  return { server, close };
}

/** A program that is killed while it listens leaves its file behind. */
function leaveDead(path: string): void {
  const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', code]);
  assert.ok(lstatSync(path).isSocket());
}

test('closing removes the file', async (t) => {
  const path = join(folder(t), 'a.sock');
  const one = bindable(t);
  await bindSocket(one, path, 'here');
  assert.ok(lstatSync(path).isSocket());
  await one.close();
  assert.ok(!existsSync(path));
});

test('the mode of the file follows the umask', async (t) => {
  const before = process.umask(0o117);
  t.after(() => process.umask(before));
  const path = join(folder(t), 'a.sock');
  await bindSocket(bindable(t), path, 'here');
  assert.equal(lstatSync(path).mode & 0o777, 0o660);
});

test('the file of a program that was killed is replaced, and nothing else is left', async (t) => {
  const at = folder(t);
  const path = join(at, 'a.sock');
  leaveDead(path);
  await bindSocket(bindable(t), path, 'here');
  assert.deepEqual(readdirSync(at), ['a.sock']);
});

test('of several that find a dead file at a time, each has an answering socket or is refused', async (t) => {
  const path = join(folder(t), 'a.sock');
  leaveDead(path);
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => bindSocket(bindable(t), path, 'here')));
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a server that listens keeps its path', async (t) => {
  const path = join(folder(t), 'a.sock');
  await bindSocket(bindable(t), path, 'first');
  const { ino } = lstatSync(path);
  await assert.rejects(bindSocket(bindable(t), path, 'second'), /second: .*another server listens there/);
  assert.equal(lstatSync(path).ino, ino);
});

test('a file that is no socket stays, and the message says what is wrong', async (t) => {
  const at = folder(t);
  const path = join(at, 'a.sock');
  writeFileSync(path, 'mine');
  await assert.rejects(bindSocket(bindable(t), path, 'here'), /the file there is no socket/);
  assert.deepEqual(readdirSync(at), ['a.sock']);
  mkdirSync(join(at, 'b.sock'));
  await assert.rejects(bindSocket(bindable(t), join(at, 'b.sock'), 'here'), /no socket/);
  await assert.rejects(bindSocket(bindable(t), join(at, 'none/a.sock'), 'here'), /create the folder first/);
});
