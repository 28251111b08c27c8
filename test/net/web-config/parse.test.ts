/** A web configuration's problems: all of them at once, each with its place, and no secret in any. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { durationMs } from '../../../src/core/config/duration.ts';
import { problemText } from '../../../src/core/errors/error.ts';
import { parseWebConfig } from '../../../src/net/web-config/parse.ts';
import { bad } from './bad-cases.ts';
import { certificate, certificates, good } from './good-cases.ts';

const full = fileURLToPath(new URL('web-config.yml', certificates));
const parsed = (yaml: string) => parseWebConfig('web-config.yml', full, yaml);

for (const { what, yaml } of good) {
  test(`good: ${what}`, () => {
    const result = parsed(yaml);
    assert.deepEqual(result.ok ? [] : result.problems.map(problemText), []);
  });
}

for (const { what, yaml, problems } of bad) {
  test(`bad: ${what}`, () => {
    const result = parsed(yaml);
    assert.deepEqual(result.ok ? [] : result.problems.map(problemText), problems);
  });
}

test('an empty file is plain HTTP for everybody', () => {
  const result = parsed('');
  assert.deepEqual(result.ok && result.config, { tls: undefined, headers: {}, users: new Map(), rate: undefined });
});

test('whatever the text is, a result comes out, and no secret in its problems', () => {
  const parts = [
    'tls_server_config:',
    'basic_auth_users:',
    'rate_limit:',
    '\n',
    '\n  ',
    '- ',
    ': ',
    '&a ',
    '*a',
    '"',
    '|',
    '? ',
    '{',
    '}',
    '[',
    ']',
    '<<: ',
    '!!int ',
    '%',
    '\t',
  ];
  const part = fc.oneof(
    fc.constantFrom(...parts),
    fc.constant('client_auth_type: '),
    fc.constant('interval'),
    fc.string({ maxLength: 3 }),
  );
  const text = fc.array(part, { maxLength: 30 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, (yaml) => {
      const result = parsed(`basic_auth_users:\n  alice: hunter2\n${yaml}`);
      assert.equal(result.ok, false);
      if (!result.ok) assert.doesNotMatch(result.problems.map(problemText).join(), /hunter2/);
    }),
  );
});

test('the defaults of TLS are those of the format', () => {
  const result = parsed('tls_server_config: {cert_file: server.pem, key_file: server.key.pem}');
  assert.ok(result.ok);
  assert.deepEqual(result.config.tls, {
    cert: certificate('server.pem'),
    key: certificate('server.key.pem'),
    clientCa: undefined,
    clientAuth: { request: false, require: false, verify: false },
    clientSans: undefined,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: undefined,
    curves: undefined,
    preferServerCiphers: true,
  });
});

test('a file is named before what stands in the configuration itself', () => {
  const result = parsed('tls_server_config: {cert: junk, cert_file: server.pem, key_file: server.key.pem}');
  assert.ok(result.ok);
  assert.equal(result.config.tls?.cert, certificate('server.pem'));
});

for (const [text, ms] of [
  ['0', 0],
  ['0s', 0],
  ['1s', 1_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['250µs', 0.25],
  ['1h1ms', 3_600_001],
  ['5', undefined],
  ['-1s', undefined],
  ['1d', undefined],
  ['1 s', undefined],
  ['s', undefined],
  ['.s', undefined],
  ['', undefined],
] as const) {
  test(`the duration ${JSON.stringify(text)}`, () => assert.equal(durationMs(text), ms));
}
