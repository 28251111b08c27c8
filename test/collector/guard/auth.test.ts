/** Credentials before every server of the service, plain and over TLS, over real sockets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { until } from '../../until.ts';
import { statusOf } from '../receivers/otlp/answers.ts';
import { type Client, type Guarded, type ServerName, servers, startGuarded } from './servers.ts';

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const as = (authorization: string | string[]): Client => ({ headers: { authorization } });
const htpasswd = (users: Readonly<Record<string, string>>) =>
  Object.entries(users)
    .map(([user, password]) => `${user}:${hashSync(password, 4)}`)
    .join('\n');
const quoted = (text: string) => JSON.stringify(text.replaceAll('$', '$$$$'));
const tls = "tls: {cert_file: 'FOLDER/server.pem', key_file: 'FOLDER/server.key.pem'}";

type Outcome = 'passes' | 'refused' | 'later';
/** gRPC's codes are 0, UNAUTHENTICATED and UNAVAILABLE. */
const expected: Readonly<Record<Outcome, (server: ServerName) => number>> = {
  passes: (server) => (server === 'grpc' ? 0 : 200),
  refused: (server) => (server === 'grpc' ? 16 : 401),
  later: (server) => (server === 'grpc' ? 14 : 503),
};

async function each(
  { ask }: Guarded,
  cases: readonly (readonly [what: string, client: Client, outcome: Outcome])[],
  among: readonly ServerName[] = servers,
) {
  for (const server of among)
    for (const [what, client, outcome] of cases) {
      const { status, headers } = await ask(server, client);
      assert.equal(status, expected[outcome](server), `${server}: ${what}`);
      if (status === 401) assert.match(String(headers['www-authenticate']), /^(Basic realm="meterbridge"|Bearer)$/, `${server}: ${what}`);
    }
}

for (const [how, guards, among] of [
  ['plain', '', servers.filter((name) => name !== 'http2')],
  ['over TLS', `, ${tls}`, servers],
] as const)
  describe(how, () => {
    test('basicauth', async (t) => {
      const guarded = await startGuarded(t, `auth: {authenticator: basicauth}${guards}`, {
        basicauth: `{htpasswd: {inline: ${quoted(htpasswd({ ada: 'right', bob: 'other', näme: 'pässword' }))}}}`,
      });
      await each(
        guarded,
        [
          ['none', {}, 'refused'],
          ['wrong', as(basic('ada', 'wrong')), 'refused'],
          ['of another user', as(basic('ada', 'other')), 'refused'],
          ['an unknown user', as(basic('eve', 'right')), 'refused'],
          ['right', as(basic('ada', 'right')), 'passes'],
          ['right again', as(basic('ada', 'right')), 'passes'],
          ['of the other user', as(basic('bob', 'other')), 'passes'],
          ['beyond ASCII', as(basic('näme', 'pässword')), 'passes'],
          ['wrong after right', as(basic('ada', 'wrong')), 'refused'],
          ['no base64', as('Basic ???'), 'refused'],
          ['another scheme', as('Bearer right'), 'refused'],
        ],
        among,
      );
      assert.match(guarded.log(), /no credentials\t\{.*"otlp".*"refused": "missing_credentials"/);
      assert.match(guarded.log(), /invalid credentials\t\{.*"otlp".*"refused": "wrong_credentials"/);
    });

    test('bearertokenauth', async (t) => {
      const guarded = await startGuarded(t, `auth: {authenticator: bearertokenauth/two}${guards}`, {
        'bearertokenauth/two': '{tokens: [one, two]}',
      });
      await each(
        guarded,
        [
          ['none', {}, 'refused'],
          ['wrong', as('Bearer three'), 'refused'],
          ['the beginning of one', as('Bearer on'), 'refused'],
          ['the first', as('Bearer one'), 'passes'],
          ['the second', as('Bearer two'), 'passes'],
          ['both at once', as('Bearer one two'), 'refused'],
          ['the scheme in another case', as('bearer one'), 'passes'],
          ['no scheme', as('one'), 'refused'],
          ['empty', as('Bearer '), 'refused'],
          ['another scheme', as(basic('one', 'two')), 'refused'],
        ],
        among,
      );
    });
  });

test('of two lines with credentials the first counts', async (t) => {
  const { ask } = await startGuarded(t, 'auth: {authenticator: bearertokenauth}', { bearertokenauth: '{token: one}' });
  assert.equal((await ask('http', as(['Bearer one', 'Bearer two']))).status, 200);
  assert.equal((await ask('http', as(['Bearer two', 'Bearer one']))).status, 401);
});

test('a token in another header, without a scheme', async (t) => {
  const guarded = await startGuarded(t, 'auth: {authenticator: bearertokenauth}', {
    bearertokenauth: "{token: one, header: X-Key, scheme: ''}",
  });
  const among = servers.filter((name) => name !== 'http2');
  await each(
    guarded,
    [
      ['in the usual header', as('one'), 'refused'],
      ['right', { headers: { 'x-key': 'one' } }, 'passes'],
      ['wrong', { headers: { 'x-key': 'two' } }, 'refused'],
    ],
    among,
  );
});

test('a file of tokens and a file of users that change count for the next request; those that cannot be read let no one pass', async (t) => {
  const guards = 'auth: {authenticator: AUTHENTICATOR}';
  const first = { bearertokenauth: "{filename: 'FOLDER/tokens'}" };
  await assert.rejects(startGuarded(t, guards.replace('AUTHENTICATOR', 'bearertokenauth'), first), /bearertokenauth\.filename.*ENOENT/);
  const tokens = await startGuarded(t, guards.replace('AUTHENTICATOR', 'bearertokenauth'), first, { tokens: 'zero' });
  const users = await startGuarded(
    t,
    guards.replace('AUTHENTICATOR', 'basicauth'),
    { basicauth: `{htpasswd: {file: 'FOLDER/users'}}` },
    { users: htpasswd({ ada: 'one' }) },
  );
  assert.equal((await users.ask('http', as(basic('ada', 'one')))).status, 200);
  const becomes = (guarded: Guarded, client: Client, status: number) =>
    until(`${status}`, async () => (await guarded.ask('http', client)).status === status);

  tokens.put('tokens', 'one\n\n  two \n');
  await becomes(tokens, as('Bearer two'), 200);
  assert.equal((await tokens.ask('http', as('Bearer '))).status, 401, 'an empty line is no token');
  tokens.put('tokens', 'three\n');
  await becomes(tokens, as('Bearer three'), 200);
  assert.equal((await tokens.ask('http', as('Bearer two'))).status, 401);
  tokens.put('tokens', '\n');
  await becomes(tokens, as('Bearer three'), 503);
  assert.equal((await tokens.ask('grpc', as('Bearer three'))).status, 14);

  users.put('users', htpasswd({ ada: 'two' }));
  await becomes(users, as(basic('ada', 'two')), 200);
  assert.equal((await users.ask('http', as(basic('ada', 'one')))).status, 401);
  users.put('users', 'ada:{SHA}x');
  await becomes(users, as(basic('ada', 'two')), 503);
  assert.match(
    users.log(),
    /no request passes until this is corrected: .*line 1, user "ada"; only bcrypt hashes are taken\. Fix: make one with: htpasswd -nBC 10 ada/,
  );
});

test('a refusal over HTTP is a Status in the encoding of the request, in JSON where it has none', async (t) => {
  const { ask } = await startGuarded(t, 'auth: {authenticator: bearertokenauth}', { bearertokenauth: '{token: one}' });
  for (const type of ['application/json', 'application/x-protobuf']) {
    const { headers, body } = await ask('http', { headers: { 'content-type': type } });
    assert.equal(headers['content-type'], type);
    assert.equal(statusOf(type, body).code, 16);
  }
  const { headers, body } = await ask('http', { headers: { 'content-type': 'text/plain' } });
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual(JSON.parse(body.toString()), { code: 16, message: 'no credentials' });
});

test('many senders with one password that begin at a time all pass', async (t) => {
  const { ask } = await startGuarded(t, 'auth: {authenticator: basicauth}', {
    basicauth: `{htpasswd: {inline: ${quoted(htpasswd({ ada: 'right' }))}}}`,
  });
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask('http', as(basic('ada', 'right')))));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test('guesses that come at once are refused for now, beyond a few', async (t) => {
  const { ask } = await startGuarded(t, 'auth: {authenticator: basicauth}', {
    basicauth: `{htpasswd: {inline: ${quoted(htpasswd({ ada: 'right' }))}}}`,
  });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, guess) => ask('http', as(basic('ada', `${guess}`)))));
  const statuses = new Set(answers.map(({ status }) => status));
  assert.deepEqual([...statuses].sort(), [401, 503]);
  assert.equal(answers.find(({ status }) => status === 503)?.headers['retry-after'], '1');
});
