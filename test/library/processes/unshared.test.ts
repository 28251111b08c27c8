/** Until the option is given, whoever would see a part for the whole is warned. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { contract, counter, meterbridge } from '../../../src/index.ts';
import { until } from '../../until.ts';

const declared = contract('c', { seen: counter({ help: 'Seen.' }) });

for (const [how, what] of [
  ['listener', /^listen: 127\.0\.0\.1:0 belongs to all workers/],
  ['mounted', /^scrape: this endpoint belongs to all workers/],
  ['both', /^listen: /],
] as const) {
  test(`in a worker of a cluster, one line says that a scrape shows one worker, and the fix: ${how}`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'unshared.ts'), how]);
    const lines = (JSON.parse(stdout) as string[]).filter((line) => line.includes("Fix: set processes: 'all'"));
    assert.equal(lines.length, 1, stdout);
    assert.match(lines[0] as string, what);
  });
}

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

test('of two processes that PM2 has forked, the second says in one line that the first has the address, and the fix', async (t) => {
  const file = join(import.meta.dirname, 'fork-mode.ts');
  const first = spawn(process.execPath, [file, '127.0.0.1:0'], { env: { ...process.env, pm_id: '0', NODE_APP_INSTANCE: '0' } });
  t.after(() => first.kill('SIGKILL'));
  let printed = '';
  first.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await until('the first listens', () => /^at .+$/m.test(printed));
  const address = /^at (.+)$/m.exec(printed)?.[1] as string;
  const env = { ...process.env, pm_id: '1', NODE_APP_INSTANCE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [file, address], { env });
  const lines = stdout.split('\n').filter((line) => line.includes(`listen: ${address} is held`));
  assert.equal(lines.length, 1, stdout);
  assert.match(lines[0] as string, /another process of this program.+set processes: 'all'/);
  assert.doesNotMatch(printed, /processes/);
});

test('one process without the option says nothing', async (t) => {
  const lines: string[] = [];
  const bridge = meterbridge(declared, { isolated: true, env: {}, log: (line) => lines.push(line) });
  t.after(() => bridge.close());
  await (await fetch((await bridge.listen('127.0.0.1:0')).url)).text();
  await bridge.scrape({ method: 'GET', path: '/', query: new URLSearchParams(), header: () => undefined, peer: undefined });
  assert.doesNotMatch(lines.join('\n'), /processes/);
});
