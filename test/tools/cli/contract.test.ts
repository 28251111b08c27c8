import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { Counter, Registry } from 'prom-client';
import { run } from '../../../src/tools/cli/run.ts';
import { command } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'meterbridge-cli-'));
const file = join(folder, 'page.txt');
const register = new Registry();
new Counter({ name: 'shop_orders_total', help: 'Orders.', registers: [register] }).inc();
const expected = /contract\('shop', \{\n {2}orders: counter\(\{\n {4}help: 'Orders\.',\n {2}\}\),\n\}\);\n$/;

const server = createServer(async (request, response) => {
  if (request.url?.startsWith('/metrics')) response.setHeader('content-type', register.contentType).end(await register.metrics());
  else response.writeHead(500).end();
});
let url: string;
before(async () => {
  writeFileSync(file, await register.metrics());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function here(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const status = await run(['contract', ...args], { stdout, stderr });
  return { status, stdout: stdout.end().read()?.toString() ?? '', stderr: stderr.end().read()?.toString() ?? '' };
}

test('of a file', async () => {
  const { status, stdout, stderr } = await here('--from-prom-client', file);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.match(stdout, expected);
});

test('of a running program, without what may be secret in its URL', async () => {
  const { stdout } = await here('--from-prom-client', `${url}/metrics?token=secret`);
  assert.match(stdout, expected);
  assert.match(stdout, new RegExp(`^// Drafted from ${url}/metrics\\?…\\. `));
});

test('of standard input', async () => {
  const { stdout, status } = spawnSync(process.execPath, [...command, 'contract', '--from-prom-client', '-'], {
    encoding: 'utf8',
    input: await register.metrics(),
  });
  assert.equal(status, 0);
  assert.match(stdout, expected);
});

test('the name is given', async () => {
  const { stdout } = await here('--from-prom-client', file, '--name', 'mine');
  assert.match(stdout, /contract\('mine', \{\n {2}shopOrders: counter\(\{\n {4}series: 'shop_orders_total',/);
});

for (const [what, args, status, message] of [
  ['nothing', [], 2, /an exposition is required/],
  ['a wrong name', ['--from-prom-client', 'x', '--name', 'a-b'], 2, /--name: got "a-b"/],
  ['an unknown option', ['--from', 'x'], 2, /--from/],
  ['no such file', ['--from-prom-client', join(folder, 'none')], 2, /none: .*ENOENT/],
  ['no exposition', ['--from-prom-client', import.meta.filename], 2, /contract\.test\.ts:1:\d+: .* Fix: /],
] as const) {
  test(`${what}: a message and exit code ${status}`, async () => {
    const result = await here(...args);
    assert.equal(result.status, status);
    assert.equal(result.stdout, '');
    assert.match(result.stderr, message);
  });
}

test('a program that answers with an error', async () => {
  const { status, stderr } = await here('--from-prom-client', `${url}/nowhere`);
  assert.equal(status, 2);
  assert.match(stderr, /\/nowhere: .*500/);
});
