/** TLS: a connection counts after its handshake, and handshakes have a bound of their own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { defaultBounds } from '../../../src/net/listen/listener-bounds.ts';
import { createListenerServer } from '../../../src/net/listen/listener-server.ts';
import { openWebConfigServer } from '../../../src/net/web-config/index.ts';
import { until } from '../../until.ts';
import { everywhere } from '../pull/endpoint.ts';
import { certificate, certificates, pair } from '../web-config/good-cases.ts';
import { listening } from '../web-config/listening.ts';
import { connected, request } from './crowd.ts';

for (const where of everywhere) {
  test(`${where}: 1,200 connections that never begin their handshake lock nobody out`, async (t) => {
    const { listener, ask } = await listening(t, where, pair);
    await connected(t, listener.address.port, 1_200);
    assert.equal((await ask()).status, 200);
  });
}

test('connections in their handshake end the oldest of them, and none that is through', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-handshakes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(certificates, folder, { recursive: true });
  writeFileSync(join(folder, 'web-config.yml'), pair);
  const webConfigServer = openWebConfigServer(join(folder, 'web-config.yml'), { log: () => {}, clientOf: () => undefined });
  const { server, close } = createListenerServer({
    handler: async () => plainReply(200, 'ok'),
    missing: () => plainReply(404, 'not found'),
    webConfigServer,
    bounds: { ...defaultBounds, connections: 2, handshakes: 3 },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => close(0));
  const { port } = server.address() as AddressInfo;
  const secured = async (): Promise<TLSSocket> => {
    const socket = tlsConnect({ port, host: '127.0.0.1', ca: certificate('authority.pem') });
    t.after(() => socket.destroy());
    await once(socket, 'secureConnect');
    return socket;
  };
  const open = [await secured(), await secured()];
  const [first, ...others] = await connected(t, port, 3);
  await connected(t, port, 1);
  await until('the oldest is cut', () => first?.resume().readableEnded === true);
  for (const socket of open) {
    socket.write(request());
    assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
  }
  assert.equal(others.filter((socket) => socket.resume().readableEnded).length, 0);
});
