/** Basic authentication, headers and the rate limit of a web configuration, in the host's thread and in a thread of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOf, cidr, loopback, notFound } from '../../../src/access.ts';
import { MeterbridgeError } from '../../../src/core/errors/error.ts';
import { until } from '../../until.ts';
import { everywhere } from '../pull/endpoint.ts';
import { pair, rightHash } from './good-cases.ts';
import { type Asking, listening } from './listening.ts';

const users = `basic_auth_users:\n  alice: ${rightHash}\n`;
const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;

/** What the Exporter Toolkit answers. */
const unauthorized = {
  status: 401,
  body: 'Unauthorized\n',
  type: 'text/plain; charset=utf-8',
  challenge: 'Basic',
  sniff: 'nosniff',
};

const strangers: readonly [what: string, asking: Asking, reason: 'missing' | 'wrong'][] = [
  ['nobody', {}, 'missing'],
  ['a wrong password', { auth: 'alice:wrong' }, 'wrong'],
  ['an unknown user', { auth: 'mallory:right' }, 'wrong'],
  ['no password', { auth: 'alice:' }, 'wrong'],
  ['a name in other letters', { auth: 'Alice:right' }, 'wrong'],
  ['the hash as the password', { auth: `alice:${rightHash}` }, 'wrong'],
  ['a name of every object', { auth: '__proto__:right' }, 'wrong'],
  ['a bearer token', { authorization: 'Bearer right' }, 'missing'],
  ['no colon', { authorization: basic('alice') }, 'missing'],
  ['no Base64', { authorization: 'Basic alice:right' }, 'missing'],
  ['no UTF-8', { authorization: basic(Buffer.from('alice:right\xff', 'latin1')) }, 'missing'],
  ['two credentials', { authorization: `${basic('alice:right')}, ${basic('alice:right')}` }, 'missing'],
];

for (const where of everywhere) {
  test(`${where}: who has the password gets in, and nobody else`, async (t) => {
    const { ask, refusals, collections } = await listening(t, where, users);
    for (const [what, asking, reason] of strangers) {
      const { status, body, headers } = await ask(asking);
      const got = {
        status,
        body,
        type: headers['content-type'],
        challenge: headers['www-authenticate'],
        sniff: headers['x-content-type-options'],
      };
      assert.deepEqual(got, unauthorized, what);
      await until('told', () => refusals.length > 0);
      const told = (refusals as (typeof refusals)[number][]).splice(0);
      assert.deepEqual(told, [{ reason, count: 1, client: '127.0.0.1', method: 'GET', path: '/metrics' }], what);
    }
    assert.equal(collections(), 0, 'a refused request collects nothing');
    for (const authorization of [basic('alice:right'), `bASIC ${Buffer.from('alice:right').toString('base64')}`]) {
      assert.equal((await ask({ authorization })).status, 200);
    }
    assert.equal((await ask({ auth: 'alice:right', path: '/other' })).status, 404);
    assert.equal((await ask({ path: '/other' })).status, 401, 'a path that does not exist is behind it too');
    assert.equal((await ask({ auth: 'alice:wrong' })).status, 401, 'after the right one as before');
    const head = await ask({ method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [401, '']);
  });

  test(`${where}: users are read again, and one that is gone is out`, async (t) => {
    const { ask, put, lines } = await listening(t, where, pair + users);
    const status = async (auth: string) => (await ask({ auth })).status;
    assert.equal(await status('alice:right'), 200);
    put('web-config.yml', `${pair}basic_auth_users:\n  bob: ${rightHash}\n`);
    await until('alice is out', async () => (await status('alice:right')) === 401);
    assert.equal(await status('bob:right'), 200);
    put('web-config.yml', `${pair}basic_auth_users:\n  bob: secret\n`);
    await until('refused', () =>
      ask({ auth: 'bob:right' }).then(
        () => false,
        () => true,
      ),
    );
    await until('told', () => lines().length > 0);
    assert.match(lines()[0] ?? '', /basic_auth_users\.bob: got \[redacted\]/);
    assert.doesNotMatch(lines().join(), /secret/);
    put('web-config.yml', pair + users);
    await until('alice is back', async () => (await status('alice:right').catch(() => 0)) === 200);
    assert.equal(await status('bob:right'), 401);
  });

  test(`${where}: a web configuration and a gate must both let a request through`, async (t) => {
    const closed = { gate: allOf(loopback(), cidr(['192.0.2.0/24'])), refusal: notFound() };
    const behind = await listening(t, where, users, { access: closed });
    assert.equal((await behind.ask()).status, 401);
    assert.equal((await behind.ask({ auth: 'alice:right' })).status, 404);
    await until('told', () => behind.refusals.length === 2);
    assert.deepEqual(
      behind.refusals.map(({ reason }) => reason),
      ['missing', 'address'],
    );
    const open = await listening(t, where, users, { access: { gate: loopback(), refusal: notFound() } });
    assert.equal((await open.ask({ auth: 'alice:right' })).status, 200);
  });

  test(`${where}: more passwords than can be checked are not checked`, async (t) => {
    // Each takes some tenths of a second, so none is done while the others arrive.
    const slow = '$2y$11$KyZ1q8vS9rJm1XbL6mYt3uWf3H1kQm4l7X9aQbC5dE6fG7hI8jK9L';
    const { ask, refusals } = await listening(t, where, `basic_auth_users:\n  alice: ${rightHash}\n  slow: ${slow}\n`);
    assert.equal((await ask({ auth: 'alice:right' })).status, 200);
    const tries = Array.from({ length: 6 }, (_, index) => ask({ auth: `slow:${index}` }));
    await until('refused', () => refusals.some(({ reason }) => reason === 'rate'));
    const known = await ask({ auth: 'alice:right' });
    assert.equal(known.status, 200, 'who was checked before is not held up');
    const statuses = (await Promise.all(tries)).map(({ status }) => status).sort();
    assert.deepEqual(statuses, [401, 401, 401, 401, 429, 429]);
  });

  test(`${where}: headers on every answer`, async (t) => {
    const yaml = `${users}http_server_config:\n  headers:\n    X-Frame-Options: deny\n    X-XSS-Protection: 1\n    Strict-Transport-Security:\n`;
    const { ask } = await listening(t, where, yaml);
    for (const [status, asking] of [
      [200, { auth: 'alice:right' }],
      [401, {}],
      [404, { auth: 'alice:right', path: '/other' }],
      [405, { auth: 'alice:right', method: 'POST' }],
      [421, { auth: 'alice:right', headers: { host: 'evil.example' } }],
    ] as const) {
      const answer = await ask(asking);
      const { 'x-frame-options': frame, 'x-xss-protection': xss, 'strict-transport-security': transport } = answer.headers;
      assert.deepEqual([answer.status, frame, xss, transport], [status, 'deny', '1', undefined]);
    }
  });

  test(`${where}: a rate limit lets its burst through, and the next one later`, async (t) => {
    const { ask, put, refusals } = await listening(t, where, 'rate_limit:\n  interval: 1h\n  burst: 2\n');
    assert.deepEqual([(await ask()).status, (await ask({ path: '/other' })).status], [200, 404]);
    const { status, body, headers } = await ask();
    assert.deepEqual([status, body, headers['content-type']], [429, 'Too Many Requests\n', 'text/plain; charset=utf-8']);
    await until('told', () => refusals.length === 1);
    assert.equal(refusals[0]?.reason, 'rate');
    put('web-config.yml', 'rate_limit:\n  interval: 1ms\n  burst: 1\n');
    await until('a new limit counts', async () => (await ask()).status === 200);
  });

  test(`${where}: a configuration that cannot be used opens nothing`, async (t) => {
    await assert.rejects(listening(t, where, 'tls:\nbasic_auth_users: [alice]\n'), (error: MeterbridgeError) => {
      assert.ok(error instanceof MeterbridgeError);
      assert.deepEqual([error.code, error.problems.length], ['WEB_CONFIG_INVALID', 2]);
      return true;
    });
    await assert.rejects(listening(t, where, '', { webConfig: '/nowhere/web-config.yml' }), {
      code: 'WEB_CONFIG_INVALID',
      message:
        '/nowhere/web-config.yml: got a file that cannot be read (ENOENT); it is a file that this user can read. Fix: correct the path, or let this user read the file.',
    });
  });
}
