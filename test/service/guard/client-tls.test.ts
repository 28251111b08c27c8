/** The TLS of clients, against servers over real sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect, createServer, type TlsOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { readTree } from '../../../src/core/config/read-tree.ts';
import { section } from '../../../src/core/config/schema/index.ts';
import { watchClientTls } from '../../../src/service/guard/client-tls.ts';
import { clientTls } from '../../../src/service/guard/tls-keys.ts';
import { certificate, certificates } from '../../net/web-config/good-cases.ts';

const folder = typeof certificates === 'string' ? certificates : fileURLToPath(certificates);
const schema = section({ tls: clientTls });
const log = { debug() {}, info() {}, warn() {}, error() {} };

function read(yaml: string) {
  const findings = { problems: [] as { rule: string }[], warnings: [] as string[] };
  const { tree } = readTree('t.yaml', `tls: ${yaml.replaceAll('FOLDER', folder)}`, 'collector');
  const settings = schema.read({ tree, keys: '' }, findings as never);
  return { tls: typeof settings === 'symbol' ? undefined : settings.tls, ...findings };
}

async function serve(t: TestContext, options: TlsOptions = {}): Promise<number> {
  const own = { cert: certificate('server.pem'), key: certificate('server.key.pem') };
  const server = createServer({ ...own, ...options }, (socket) => socket.on('error', () => {}).end('hello'));
  server.on('tlsClientError', () => {});
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Whether the server's word has come. */
async function reaches(port: number, yaml: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1', ...watchClientTls(read(yaml).tls, { at: 'tls', log })() });
  socket
    .on('data', () => resolve(true))
    .on('error', () => resolve(false))
    .on('close', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

test('which servers a client takes for the right one', async (t) => {
  const port = await serve(t);
  const pem = JSON.stringify(certificate('authority.pem'));
  for (const [yaml, expected] of [
    ["{ca_file: 'FOLDER/authority.pem'}", true],
    [`{ca_pem: ${pem}}`, true],
    ["{ca_file: 'FOLDER/authority.pem', include_system_ca_certs_pool: true}", true],
    ["{ca_file: 'FOLDER/other-authority.pem'}", false],
    ['{}', false],
    ['{insecure_skip_verify: true}', true],
    ["{ca_file: 'FOLDER/authority.pem', server_name_override: localhost}", true],
    ["{ca_file: 'FOLDER/authority.pem', server_name_override: other.example}", false],
    ["{ca_file: 'FOLDER/authority.pem', min_version: '1.3'}", true],
  ] as const)
    assert.equal(await reaches(port, yaml), expected, yaml);
});

test('versions, suites and a certificate of its own', async (t) => {
  const ca = "ca_file: 'FOLDER/authority.pem'";
  const old = await serve(t, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' });
  assert.equal(await reaches(old, `{${ca}}`), true);
  assert.equal(await reaches(old, `{${ca}, min_version: '1.3'}`), false);
  assert.equal(await reaches(old, `{${ca}, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]}`), false);
  assert.equal(await reaches(old, `{${ca}, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]}`), true);
  const strict = await serve(t, { requestCert: true, rejectUnauthorized: true, ca: certificate('authority.pem') });
  assert.equal(await reaches(strict, `{${ca}}`), false);
  assert.equal(await reaches(strict, `{${ca}, cert_file: 'FOLDER/client.pem', key_file: 'FOLDER/client.key.pem'}`), true);
});

test('what is refused, and what is a warning', () => {
  assert.match(read('{cert_file: a}').problems[0]?.rule ?? '', /a certificate has its key/);
  assert.match(read('{ca_file: a, ca_pem: b}').problems[0]?.rule ?? '', /ca_file or ca_pem/);
  assert.match(read("{min_version: '1.0'}").problems[0]?.rule ?? '', /TLS 1\.0 and 1\.1/);
  assert.match(read('{insecure_skip_verify: true}').warnings[0] ?? '', /insecure_skip_verify: any server/);
  for (const yaml of [
    "{ca_file: '/no/such'}",
    "{ca_file: 'FOLDER/make.sh'}",
    "{cert_file: 'FOLDER/client.pem', key_file: 'FOLDER/server.key.pem'}",
  ])
    assert.throws(() => watchClientTls(read(yaml).tls, { at: 'exporters.otlp_http.tls', log }), {
      code: 'COLLECTOR_CONFIG_INVALID',
      message: /^exporters\.otlp_http\.tls/,
    });
});
