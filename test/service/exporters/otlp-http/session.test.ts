/**
 * A new connection resumes the TLS session of an earlier one (RFC 8446, section 2.2), which saves both sides a handshake with
 * certificates.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { ConnectionOptions, SecureVersion, TLSSocket } from 'node:tls';
import { createServicePoster } from '../../../../src/service/exporters/otlp-http/service-poster.ts';
import { certificate } from '../../../net/web-config/good-cases.ts';

for (const version of ['TLSv1.2', 'TLSv1.3'] satisfies SecureVersion[])
  test(`${version}: it is resumed, until other certificates count`, async (t) => {
    const resumed: boolean[] = [];
    const own = { cert: certificate('server.pem'), key: certificate('server.key.pem') };
    const server = createServer({ ...own, minVersion: version, maxVersion: version }, (request, response) => {
      resumed.push((request.socket as TLSSocket).isSessionReused());
      request.resume().on('end', () => response.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    let tls: ConnectionOptions = { ca: certificate('authority.pem') };
    const poster = createServicePoster({ tls: () => tls, keepAlive: false, maxIdle: 1, idleMs: 1_000, proxyOf: () => undefined });
    t.after(() => poster.close());
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`);
    const post = () => poster.post(url, {}, Buffer.from('points'), { ended: undefined, onEnd: undefined });
    for (let sent = 0; sent < 3; sent++) assert.equal((await post()).answer?.status, 200);
    assert.deepEqual(resumed, [false, true, true]);
    tls = { ...tls };
    assert.equal((await post()).answer?.status, 200);
    assert.equal(resumed.at(-1), false);
    // An earlier session does not stand in for an authority that has signed nothing of it.
    tls = { ca: certificate('client.pem') };
    assert.match((await post()).error ?? '', /CERT|SIGNATURE|ISSUER/);
  });
