/** Files of credentials that change, over real sockets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until.ts';
import { as, basic, each, htpasswd, ways } from './credentials.ts';
import { type Client, type Guarded, startGuarded } from './servers.ts';

const kinds = [
  ['bearertokenauth', "{filename: 'FOLDER/secrets'}", (word: string) => word, (word: string) => `Bearer ${word}`],
  [
    'basicauth',
    "{htpasswd: {file: 'FOLDER/secrets'}}",
    (word: string) => htpasswd({ ada: word }),
    (word: string) => basic('ada', word),
  ],
] as const;

test('rotated: the former credential counts no longer, the next one does, on every server', async (t) => {
  // All at a time: a change is seen within a second or so.
  await Promise.all(
    ways.flatMap(([, guards, among]) =>
      kinds.map(async ([authenticator, settings, contentOf, credentialOf]) => {
        const auth = `auth: {authenticator: ${authenticator}}${guards}`;
        const guarded = await startGuarded(t, auth, { [authenticator]: settings }, { secrets: contentOf('former') });
        const [former, next] = [as(credentialOf('former')), as(credentialOf('next'))];
        const before = [
          ['former, before', former, 'passes'],
          ['next, before', next, 'refused'],
        ] as const;
        await each(guarded, before, among);
        guarded.put('secrets', contentOf('next'));
        await until('rotated', async () => (await guarded.ask('http', next)).status === 200);
        const after = [
          ['next, after', next, 'passes'],
          ['former, after', former, 'refused'],
        ] as const;
        await each(guarded, after, among);
      }),
    ),
  );
});

test('a file of tokens and a file of users that change count for the next request; those that cannot be read let no one pass', async (t) => {
  const guards = 'auth: {authenticator: AUTHENTICATOR}';
  const first = { bearertokenauth: "{filename: 'FOLDER/tokens'}" };
  await assert.rejects(
    startGuarded(t, guards.replace('AUTHENTICATOR', 'bearertokenauth'), first),
    /bearertokenauth\.filename.*ENOENT/,
  );
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
    /no request passes until this is corrected: .*line 1, user "ada"; only bcrypt hashes are supported\. Fix: make one with: htpasswd -nBC 10 ada/,
  );
});
