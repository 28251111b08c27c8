import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { freePorts } from '../../src/demo/ports.ts';

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
  await assert.rejects(
    freePorts(65_535, ['the page', 'the shop']),
    /^Error: no port from \d+ on is free for .*; choose another one with --port$/,
  );
});
