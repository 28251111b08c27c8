/** TLS on every server of the service, over real sockets. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { certificate } from '../../net/web-config/good-cases.ts';
import { until } from '../../until.ts';
import { type ServerName, servers, startGuarded } from './servers.ts';

const serial = (name: string) => new X509Certificate(certificate(`${name}.pem`)).serialNumber;
const pair = "cert_file: 'FOLDER/server.pem', key_file: 'FOLDER/server.key.pem'";
const ok: Readonly<Record<ServerName, number>> = { http: 200, http2: 200, grpc: 0, prometheus: 200, health: 200 };

test('every server answers over TLS, and its URL says so', async (t) => {
  const { ask, urls } = await startGuarded(t, `tls: {${pair}}`);
  assert.deepEqual(
    urls()
      .map((url) => url.split(':')[0])
      .sort(),
    ['grpcs', 'https', 'https', 'https'],
  );
  for (const server of servers) assert.equal((await ask(server)).status, ok[server], server);
  assert.equal((await ask('http')).serial, serial('server'));
});

test('a client without TLS gets no answer', async (t) => {
  const { urls } = await startGuarded(t, `tls: {${pair}}`);
  for (const url of urls()) await assert.rejects(fetch(url.replace(/^(https|grpcs)/, 'http')), url);
});

test('the certificates of clients: missing, foreign, expired, right', async (t) => {
  const { ask } = await startGuarded(t, `tls: {${pair}, client_ca_file: 'FOLDER/authority.pem'}`);
  for (const server of servers)
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      for (const as of [undefined, 'other-client', 'expired-client'])
        await assert.rejects(ask(server, { as, tls: { maxVersion } }), `${server}, ${maxVersion}, ${as}`);
      assert.equal((await ask(server, { as: 'client', tls: { maxVersion } })).status, ok[server], `${server}, ${maxVersion}`);
    }
});

test('a certificate that changes counts for the next connection; one that cannot be used leaves the last one, told once', async (t) => {
  const { ask, put, log } = await startGuarded(t, `tls: {${pair}}`);
  put('server.pem', certificate('next-server.pem'));
  await until('told', async () => {
    await ask('http');
    return log().includes('the last good files serve on');
  });
  assert.match(
    log(),
    /receivers\.otlp\.protocols\.http\.tls: the last good files .*\.tls\.key_file: got "[^"]*server\.key\.pem"; it is the key of the certificate/,
  );
  assert.equal((await ask('http')).serial, serial('server'));
  put('server.key.pem', certificate('next-server.key.pem'));
  await until('the next one', async () => (await ask('http')).serial === serial('next-server'));
  await until('the next one of the endpoint', async () => (await ask('prometheus')).serial === serial('next-server'));
  const told = log()
    .split('\n')
    .filter((line) => line.includes('http.tls: the last good'));
  assert.equal(told.length, 1);
});

for (const [what, name, text, rule] of [
  ['a certificate that is emptied', 'server.pem', '', /cert_file: got ".*server\.pem"; it holds certificates in PEM/],
  ['a file without a certificate', 'server.pem', 'none yet', /cert_file: got ".*server\.pem"; it holds certificates in PEM/],
  [
    'a chain that is cut off',
    'server.pem',
    `${certificate('server.pem')}-----BEGIN CERTIFICATE-----\nMIIB`,
    /it holds certificates in PEM/,
  ],
  ['a key that is emptied', 'server.key.pem', '', /key_file: got ".*server\.key\.pem"; it holds a private key in PEM/],
  ['authorities that are emptied', 'authority.pem', '', /client_ca_file: got ".*authority\.pem"; it holds certificates in PEM/],
] as const) {
  test(`while files are replaced, the last good ones serve, told once: ${what}`, async (t) => {
    const authorities = "client_ca_file: 'FOLDER/authority.pem', client_ca_file_reload: true";
    const { ask, put, log } = await startGuarded(t, `tls: {${pair}, ${authorities}}`);
    const told = () => log().match(/http\.tls: the last good files serve on: .*/g) ?? [];
    const asked = async () => (await ask('http', { as: 'client' })).serial;
    put(name, text);
    await until('told', async () => (await asked()) === serial('server') && told().length > 0);
    assert.match(told()[0] ?? '', rule);
    // The rest of the replacement.
    for (const [file, next] of [
      ['server.pem', 'next-server.pem'],
      ['server.key.pem', 'next-server.key.pem'],
      ['authority.pem', 'authority.pem'],
    ] as const) {
      put(file, certificate(next));
      assert.ok([serial('server'), serial('next-server')].includes((await asked()) ?? ''));
    }
    await until('the next one', async () => (await asked()) === serial('next-server'));
    assert.equal(await ask('http', { as: 'other-client' }).catch(() => 'refused'), 'refused');
  });
}

test('authorities of clients are read again where client_ca_file_reload says so', async (t) => {
  for (const reload of [false, true]) {
    const { ask, put } = await startGuarded(
      t,
      `tls: {${pair}, client_ca_file: 'FOLDER/authority.pem', client_ca_file_reload: ${reload}}`,
    );
    assert.equal((await ask('http', { as: 'client' })).status, 200);
    put('authority.pem', certificate('other-authority.pem'));
    // Seen together with the authorities, which are looked at in the same moment.
    put('server.pem', certificate('next-server.pem'));
    put('server.key.pem', certificate('next-server.key.pem'));
    const as = reload ? 'other-client' : 'client';
    await until('the next certificate', () =>
      ask('http', { as }).then(
        ({ serial: its }) => its === serial('next-server'),
        () => false,
      ),
    );
    assert.equal((await ask('http', { as: 'other-client' }).catch(() => undefined))?.status, reload ? 200 : undefined);
  }
});

test('PEM in the file, versions and suites by their Go names', async (t) => {
  const block = (name: string) => JSON.stringify(certificate(name));
  const { ask } = await startGuarded(
    t,
    `tls: {cert_pem: ${block('server.pem')}, key_pem: ${block('server.key.pem')}, max_version: '1.2',
      cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384], curve_preferences: [P384]}`,
  );
  const suites = { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' };
  assert.equal((await ask('http', { tls: suites })).status, 200);
  assert.equal((await ask('grpc', { tls: suites })).status, 0);
  for (const tls of [{ minVersion: 'TLSv1.3' }, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }, { ecdhCurve: 'P-256' }] as const)
    await assert.rejects(ask('http', { tls }), JSON.stringify(tls));
});

test('OTLP over HTTP offers HTTP/2 and HTTP/1.1, gRPC offers HTTP/2 alone', async (t) => {
  const { urls } = await startGuarded(t, `tls: {${pair}}`);
  const chosen = async (scheme: RegExp, ALPNProtocols: string[]) => {
    const { port } = new URL(
      urls()
        .find((url) => scheme.test(url))
        ?.replace('grpcs', 'https') ?? '',
    );
    const { promise, resolve, reject } = Promise.withResolvers<string | false | null>();
    const socket = connect({ port: Number(port), host: '127.0.0.1', ca: certificate('authority.pem'), ALPNProtocols });
    socket.on('secureConnect', () => resolve(socket.alpnProtocol)).on('error', reject);
    return promise.finally(() => socket.destroy());
  };
  assert.equal(await chosen(/v1/, ['h2', 'http/1.1']), 'h2');
  assert.equal(await chosen(/v1/, ['http/1.1']), 'http/1.1');
  assert.equal(await chosen(/grpcs/, ['h2']), 'h2');
  await assert.rejects(chosen(/grpcs/, ['http/1.1']));
});

test('files that cannot be used keep the service from starting, all of them named', async (t) => {
  await assert.rejects(startGuarded(t, "tls: {cert_file: '/no/such', key_file: 'FOLDER/client.key.pem'}"), {
    code: 'COLLECTOR_CONFIG_INVALID',
    message: /^extensions\.health_check\.tls\.cert_file: got "\/no\/such", a file that cannot be read \(ENOENT\)/,
  });
});
