/** TLS on the dedicated listener: handshakes over real sockets, in the host's thread and in a thread of its own. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { namesIn } from '../../../src/net/web-config/client-certificate.ts';
import { until } from '../../until.ts';
import { everywhere } from '../pull/endpoint.ts';
import { certificate, pair } from './good-cases.ts';
import { ask, listening } from './listening.ts';

const serial = (name: string) => new X509Certificate(certificate(`${name}.pem`)).serialNumber;

const isAlways = () => true;
const isNever = () => false;

type Client = 'none' | 'client' | 'other-client';

/** Who gets in: a client without a certificate, with one of the authority, with one of somebody else. */
const policies: readonly { readonly yaml: string; readonly letIn: readonly Client[] }[] = [
  { yaml: '', letIn: ['none', 'client', 'other-client'] },
  { yaml: 'client_auth_type: RequestClientCert', letIn: ['none', 'client', 'other-client'] },
  { yaml: 'client_auth_type: RequireAnyClientCert', letIn: ['client', 'other-client'] },
  { yaml: 'client_auth_type: RequireClientCert', letIn: ['client', 'other-client'] },
  { yaml: 'client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: authority.pem', letIn: ['none', 'client'] },
  { yaml: 'client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: authority.pem', letIn: ['client'] },
  { yaml: 'client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: other-authority.pem', letIn: ['other-client'] },
  { yaml: 'client_auth_type: RequireAndVerifyClientCert', letIn: [] },
  ...['scraper.example', '2001:0db8::1', 'spiffe://example/scraper', 'ops@example.org'].map((san) => ({
    yaml: `client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: authority.pem\n  client_allowed_sans: [other.example, '${san}']`,
    letIn: ['client'] as const,
  })),
  {
    yaml: 'client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: authority.pem\n  client_allowed_sans: [scraper, SCRAPER.EXAMPLE, client]',
    letIn: [],
  },
  {
    yaml: 'client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: authority.pem\n  client_allowed_sans: [scraper.example]',
    letIn: ['client'],
  },
  { yaml: 'client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: authority.pem\n  client_allowed_sans: []', letIn: [] },
];

for (const where of everywhere) {
  test(`${where}: TLS, and the URL says so`, async (t) => {
    const { listener, ask } = await listening(t, where, pair);
    assert.equal(listener.url, `https://127.0.0.1:${listener.address.port}/metrics`);
    const answer = await ask();
    assert.equal(answer.status, 200);
    assert.match(answer.body, /^app_runs 3$/m);
    assert.equal(answer.serial, serial('server'));
  });

  for (const { yaml, letIn } of policies) {
    test(`${where}: ${yaml.split('\n  ').join(', ') || 'no policy'}: lets in ${letIn.join(', ') || 'nobody'}`, async (t) => {
      const { ask, collections } = await listening(t, where, `${pair}${yaml === '' ? '' : `  ${yaml}\n`}`);
      const found: string[] = [];
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        for (const client of ['none', 'client', 'other-client'] as const) {
          const answer = await ask({ maxVersion, ...(client !== 'none' && { as: client }) }).catch(() => undefined);
          if (answer?.status === 200) found.push(client);
        }
      }
      assert.deepEqual(found, [...letIn, ...letIn]);
      assert.equal(collections(), found.length, 'a refused client collects nothing');
    });
  }

  test(`${where}: another policy counts for the next connection, also for one that resumes a session`, async (t) => {
    const { ask, put, listener } = await listening(t, where, pair);
    assert.equal((await ask()).status, 200);
    const strict = `${pair}  client_auth_type: RequireAndVerifyClientCert\n`;
    put('web-config.yml', `${strict}  client_ca_file: authority.pem\n`);
    await until('a client without a certificate stays out', () => ask().then(isNever, isAlways));
    assert.equal((await ask({ as: 'client' })).status, 200);

    const mine = { cert: certificate('client.pem'), key: certificate('client.key.pem'), ca: certificate('authority.pem') };
    const first = tlsConnect({ ...mine, port: listener.address.port, host: '127.0.0.1' });
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    put('web-config.yml', `${strict}  client_ca_file: other-authority.pem\n`);
    await until('the other authority counts', () => ask({ as: 'other-client' }).then(isAlways, isNever));
    const again = tlsConnect({ ...mine, session, port: listener.address.port, host: '127.0.0.1' });
    again.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal(await text(again).catch(() => ''), '');
  });

  test(`${where}: a new certificate is there for the next connection, and a broken one is for nobody`, async (t) => {
    const { ask, put, lines } = await listening(t, where, pair);
    assert.equal((await ask()).serial, serial('server'));
    put('server.pem', certificate('next-server.pem'));
    await until('refused while the key is another', () => ask().then(isNever, isAlways));
    await until('told', () => lines().length > 0);
    assert.match(
      lines()[0] ?? '',
      /^every request is rejected until this is corrected: \S+web-config.yml:3:13 tls_server_config.key_file: got "server.key.pem"; it is the key of the certificate\. /,
    );
    put('server.key.pem', certificate('next-server.key.pem'));
    await until('back', () => ask().then(isAlways, isNever));
    await until('told', () => lines().length > 1);
    assert.match(lines()[1] ?? '', /web-config\.yml can be used again$/);
    assert.equal((await ask()).serial, serial('next-server'));
  });

  test(`${where}: a connection that was open has 500 while the configuration is broken, and TLS stays on`, async (t) => {
    const { listener, put, lines, ask } = await listening(t, where, pair);
    const socket = tlsConnect({ port: listener.address.port, host: '127.0.0.1', ca: certificate('authority.pem') });
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    t.after(() => socket.destroy());
    await once(socket, 'secureConnect');
    put('web-config.yml', 'basic_auth_users:\n');
    await until('told', async () => {
      await ask().catch(() => {});
      return lines().length > 0;
    });
    assert.match(lines()[0] ?? '', /tls_server_config: got no TLS; TLS is not turned on or off while the listener is open\./);
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until('answered', () => received.includes('Internal Server Error\n'));
    assert.match(received, /^HTTP\/1\.1 500 Internal Server Error\r\n/);
  });

  test(`${where}: plain HTTP does not become TLS under way`, async (t) => {
    const { ask, put } = await listening(t, where, '');
    assert.equal((await ask()).status, 200);
    put('web-config.yml', pair);
    await until('refused', async () => (await ask()).status === 500);
    put('web-config.yml', '');
    await until('back', async () => (await ask()).status === 200);
  });

  test(`${where}: versions, suites and HTTP/2 as the configuration and the client have them in common`, async (t) => {
    const only = `${pair}  max_version: TLS12\n  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n`;
    const { ask } = await listening(t, where, only);
    assert.equal((await ask()).status, 200);
    assert.equal((await ask({ ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).status, 200);
    await assert.rejects(ask({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }));
    assert.equal((await ask({ ALPNProtocols: ['h2', 'http/1.1'] })).status, 200, 'a client that offers HTTP/2 gets HTTP/1.1');

    const newest = await listening(t, where, `${pair}  min_version: TLS13\n  curve_preferences: [CurveP384]\n`);
    assert.equal((await newest.ask()).status, 200);
    await assert.rejects(newest.ask({ maxVersion: 'TLSv1.2' }));
  });

  test(`${where}: plain HTTP to a TLS port, and a client that never begins, end`, async (t) => {
    const { listener } = await listening(t, where, pair);
    const plain = connect(listener.address.port, '127.0.0.1');
    plain.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await text(plain).catch(() => '');
    assert.doesNotMatch(answer, /app_runs/);

    const silent = connect(listener.address.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.on('error', () => {});
    const ended = once(silent, 'close');
    await ask(listener);
    await listener.close();
    await ended;
  });
}

test('names of a certificate, as Node.js writes them', () => {
  assert.deepEqual(
    [
      ...namesIn(
        'DNS:a.example, IP Address:2001:DB8:0:0:0:0:0:1, URI:"http://x/, DNS:evil.example", email:a@b, DirName:"DNS:no.example"',
      ),
    ],
    ['a.example', '2001:db8::1', 'http://x/, DNS:evil.example', 'a@b'],
  );
  assert.deepEqual([...namesIn('')], []);
});
