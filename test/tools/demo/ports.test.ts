import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { freePorts, takenSince } from '../../../src/tools/demo/ports.ts';

const execute = promisify(execFile);

test('a port in use is skipped, and the next one is named', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { ports, moved } = await freePorts(port, ['the page', 'the shop']);
  const [first = 0, second = 0] = ports;
  assert.ok(port < first && first < second, `${port} ${first} ${second}`);
  assert.equal(moved[0], `Port ${port} is in use; the page takes ${first}.`);
});

test('port 0 leaves the choice to the system', async () => {
  assert.deepEqual(await freePorts(0, ['the page', 'the shop']), { ports: [0, 0], moved: [] });
});

test('behind the last port there is none', async () => {
  await assert.rejects(freePorts(65_535, ['the page', 'the shop']), {
    code: 'CLI_USAGE',
    message: /^--port: got 6553[56]; no port from \d+ on is free for .*\. Fix: choose a lower one\.$/,
  });
});

/** Where the system keeps low ports from users. */
const keepsLowPorts =
  process.platform === 'linux' && Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) > 80;

test('a port that the user may not have is not called one in use', { skip: !keepsLowPorts }, async () => {
  const asked = `import { freePorts, takenSince } from ${JSON.stringify(new URL('../../../src/tools/demo/ports.ts', import.meta.url).href)};
    if (process.getuid() === 0) process.setuid(65_534);
    await freePorts(80, ['the page']).then((found) => console.log(found), (error) => console.log(error.code, error.message));`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', asked]);
  assert.equal(
    stdout,
    'CLI_USAGE --port: got 80; the system does not let this user listen at 127.0.0.1:80 (EACCES). Fix: choose one from 1024 on.\n',
  );
});

test('a part that fails because another program took its port says so', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  assert.equal(await takenSince([0]), undefined);
  assert.equal(
    (await takenSince([0, port]))?.message,
    `--port: got ${port}; another program took this port in the meantime. Fix: start again.`,
  );
});
