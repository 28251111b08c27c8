/** The command as a process: what becomes of it when its streams fail, as POSIX has it for every program in a pipeline. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { command, runCommand } from './run-command.ts';

/** The streams are closed long before the command writes: it has to be loaded first. */
async function withoutReaderOf(stream: 'stdout' | 'stderr', ...args: readonly string[]) {
  const child = spawn(process.execPath, [...command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const other = stream === 'stdout' ? child.stderr : child.stdout;
  let text = '';
  other.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child[stream].destroy();
  const [code, signal] = await once(child, 'close');
  return { code, signal, other: text };
}

test('the process ends with the exit code of the command, its answer and messages apart', () => {
  const [good, wrong] = [runCommand(['--help']), runCommand(['serious'])];
  assert.deepEqual([good.status, good.stderr, wrong.status, wrong.stdout], [0, '', 2, '']);
  assert.match(good.stdout, /^Usage: meterbridge COMMAND/);
  assert.match(wrong.stderr, /^meterbridge: COMMAND: got "serious"/);
});

test('a reader of the answer that has gone ends the command as SIGPIPE ends other programs, without a word', async () => {
  assert.deepEqual(await withoutReaderOf('stdout', '--help'), { code: 141, signal: null, other: '' });
});

test('a reader of the messages that has gone, too', async () => {
  assert.deepEqual(await withoutReaderOf('stderr', 'serious'), { code: 141, signal: null, other: '' });
});

test('an answer that cannot be written is a failure with a message', {
  skip: !existsSync('/dev/full') && 'needs /dev/full',
}, () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [...command, '--help'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  assert.equal(status, 1);
  assert.match(stderr, /^meterbridge: standard output: ENOSPC/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});
