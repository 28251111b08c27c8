/** A limit of processes, as the kernel keeps it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { type Cgroup, openCgroup } from '../../../examples/solti/cgroup.ts';
import { runSubprocess } from '../../../examples/solti/subprocess.ts';
import { folderWith } from '../example.ts';

const task = {
  name: 'a',
  runner: 'subprocess',
  command: [] as readonly string[],
  module: '',
  image: '',
  timeoutMs: undefined,
  attempts: 1,
  backoffMs: 1,
  backoffCapMs: 1,
  everyMs: undefined,
} as const;

async function run(command: readonly string[], pidsMax: number | undefined) {
  let started = 0;
  const ending = await runSubprocess({
    task: { ...task, command, pidsMax },
    folder: '/',
    signal: new AbortController().signal,
    started: () => started++,
    line: () => {},
  });
  return { ...ending, started };
}

/** It succeeds where it may have four processes. */
const fork = ['/bin/sh', '-c', 'sleep 0.1 & sleep 0.1 & sleep 0.1 & wait'];

/** Undefined where this machine prepares no control group, with the reason. */
function refusal(): string | undefined {
  try {
    const cgroup: Cgroup = openCgroup(10);
    void cgroup.remove();
    return undefined;
  } catch (error) {
    return `skipped: no control group can be prepared here: ${(error as Error).message}`;
  }
}
const skip = refusal() ?? false;

test('the kernel holds an attempt to its limit, and the group goes with it', { skip }, async () => {
  assert.equal((await run(fork, 10)).how, 'exit 0');
  const held = await run(fork, 2);
  assert.equal('succeeded' in held && held.succeeded, false);
  assert.equal(held.started, 1);
  const cgroup = openCgroup(10);
  const folder = dirname(cgroup.procs);
  assert.equal(existsSync(folder), true);
  await cgroup.remove();
  assert.equal(existsSync(folder), false);
});

test('a program that is missing is no task, with a limit neither', { skip }, async () => {
  assert.deepEqual(await run(['there-is-no-such-program'], 10), {
    error: 'spawn_failed',
    how: 'there-is-no-such-program is no program',
    started: 0,
  });
});

test('a limit that the kernel refuses', async () => {
  // Linux has at most 4194304.
  const { started, ...ending } = await run(['/bin/true'], 5_000_000);
  assert.equal('error' in ending && ending.error, 'cgroup_prepare_failed');
  assert.equal(started, 0);
});

test('a file that is no program', async (t) => {
  const { file } = folderWith(t, 'text', 'no program');
  const { started, ...ending } = await run([file], undefined);
  assert.equal('error' in ending && ending.error, 'spawn_failed');
  assert.equal(started, 0);
});
