/** Until the option is given, whoever would see a part for the whole is warned. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { contract, counter, meterbridge } from '../../src/index.ts';

const declared = contract('c', { seen: counter({ help: 'Seen.' }) });

test('a listener in a worker of a cluster says in one line that it shows one worker, and the fix', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'unshared.ts')]);
  const lines: string[] = JSON.parse(stdout);
  assert.equal(lines.filter((line) => line.includes("Fix: set processes: 'all'")).length, 1, stdout);
});

test('a listener at an address that is held says in one line what to do if the program has several processes', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const lines: string[] = [];
  const bridge = meterbridge(declared, { isolated: true, env: {}, log: (line) => lines.push(line) });
  t.after(() => bridge.close());
  await assert.rejects(bridge.listen(`127.0.0.1:${port}`), { code: 'LISTEN_FAILED' });
  assert.equal(lines.filter((line) => line.includes("set processes: 'all'")).length, 1, lines.join('\n'));
});

test('one process without the option says nothing', async (t) => {
  const lines: string[] = [];
  const bridge = meterbridge(declared, { isolated: true, env: {}, log: (line) => lines.push(line) });
  t.after(() => bridge.close());
  await bridge.listen('127.0.0.1:0');
  assert.doesNotMatch(lines.join('\n'), /processes/);
});
