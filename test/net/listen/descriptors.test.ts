/** Clients that hold connections to a bridge's listeners until its process has no descriptor left. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { idle, stillOpen } from '../../tools/cli/descriptors.ts';
import { until } from '../../until.ts';

const program = fileURLToPath(new URL('./scarce-bridge.ts', import.meta.url));
const files = 64;
/** Half of them, and of these a half for the thread. */
const most = 16;

test('100 idle connections to each listener of a bridge where 64 files may be open: both go on answering, and say why connections end', {
  timeout: 120_000,
  skip: process.platform !== 'linux' && 'the limit of open files is read from /proc',
}, async (t) => {
  const child = spawn('sh', ['-c', `ulimit -n ${files}; exec "$@"`, 'sh', process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  await until('ready', () => said.includes('ready '));
  const urls = /ready (\S+) (\S+)/.exec(said)?.slice(1) ?? [];
  assert.equal(urls.length, 2);
  const held = [];
  for (const url of urls) held.push(await idle(t, Number(new URL(url).port), 100));
  for (const sockets of held) await until('the others have ended', () => stillOpen(sockets) <= most);
  for (const url of urls) assert.equal((await fetch(url, { headers: { connection: 'close' } })).status, 200);
  for (const sockets of held) assert.ok(stillOpen(sockets) >= most - 2, `${stillOpen(sockets)}`);
  const open = readdirSync(`/proc/${child.pid}/fd`).length;
  t.diagnostic(`${open} files are open`);
  assert.ok(open < files);
  await until('both say so', () => said.split('LimitNOFILE').length === 3);
});
