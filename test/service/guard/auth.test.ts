/** Credentials before every server of the service, plain and over TLS, over real sockets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { statusOf } from '../receivers/otlp/answers.ts';
import { as, basic, each, htpasswd, quoted, ways } from './credentials.ts';
import { servers, startGuarded } from './servers.ts';

for (const [how, guards, among] of ways)
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

    test('two lines with credentials: the first counts', async (t) => {
      for (const [authenticator, settings, right, wrong] of [
        ['bearertokenauth', '{tokens: [one]}', 'Bearer one', 'Bearer two'],
        [
          'basicauth',
          `{htpasswd: {inline: ${quoted(htpasswd({ ada: 'right' }))}}}`,
          basic('ada', 'right'),
          basic('ada', 'wrong'),
        ],
      ] as const)
        await each(
          await startGuarded(t, `auth: {authenticator: ${authenticator}}${guards}`, { [authenticator]: settings }),
          [
            ['right, wrong', as([right, wrong]), 'passes'],
            ['wrong, right', as([wrong, right]), 'refused'],
            ['right twice', as([right, right]), 'passes'],
          ],
          among,
        );
    });
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
