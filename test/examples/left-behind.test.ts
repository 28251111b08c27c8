import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openProcesses } from '../../examples/left-behind.ts';
import { until } from '../until.ts';
import { isGone } from './example.ts';

const linux = existsSync('/proc/self/stat') ? {} : { skip: 'skipped: processes are told apart by /proc' };

/** Says `up` once both it and its child are there. */
async function atWork(t: TestContext): Promise<{ pid: number; child: ChildProcess }> {
  const child = spawn('/bin/sh', ['-c', 'sleep 600 & echo up; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => child.exitCode ?? child.signalCode ?? process.kill(-(child.pid as number), 'SIGKILL'));
  await once(child.stdout, 'data');
  return { pid: child.pid as number, child };
}

test('those of the daemon before are ended with all of their group, once, and those that had ended are not', linux, async (t) => {
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  const killed = openProcesses(database);
  const [left, ended] = [await atWork(t), await atWork(t)];
  for (const { pid } of [left, ended]) killed.begun(pid);
  killed.ended(ended.pid);

  const next = openProcesses(database);
  const own = await atWork(t);
  next.begun(own.pid);
  // The pipe is closed by the last of the group that has it.
  const closed = once(left.child, 'close');
  assert.equal(await next.endLeftBehind(), 1);
  await closed;
  assert.equal(left.child.signalCode, 'SIGKILL');
  for (const { child } of [ended, own]) assert.equal(child.signalCode ?? child.exitCode, null);
  assert.equal(await next.endLeftBehind(), 0, 'once');
  assert.equal(await openProcesses(database).endLeftBehind(), 1, 'the own one is left to the next');
});

test('another process that has got the pid since is left alone', linux, async (t) => {
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  const { pid, child } = await atWork(t);
  openProcesses(database).begun(pid);
  database.prepare(`UPDATE at_work SET identity = identity || '0'`).run();
  assert.equal(await openProcesses(database).endLeftBehind(), 0);
  assert.equal(child.signalCode ?? child.exitCode, null);
  assert.equal(database.prepare('SELECT count(*) AS left FROM at_work').get()?.left, 0);
});

test('one that has ended and waits to be buried has gone', linux, async (t) => {
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  // Its child is never waited for: the shell becomes another program.
  const parent = spawn('/bin/sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => parent.kill());
  const [chunk] = await once(parent.stdout, 'data');
  const pid = Number(chunk);
  openProcesses(database).begun(pid);
  const left = openProcesses(database);
  await until('another program', () => readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8').startsWith('sleep'));
  process.kill(pid, 'SIGKILL');
  await until('ended', () => isGone(pid));
  assert.ok(existsSync(`/proc/${pid}`), 'nobody has taken notice');
  assert.equal(await left.endLeftBehind(), 0);
});
