import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Access,
  bearer,
  guarded,
  jsonError,
  loopback,
  notFound,
  type Refused,
  secret,
  unauthorized,
} from '../../../src/access.ts';
import type { Handler } from '../../../src/net/http/exchange.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'BREW'];
const restic: Access = { gate: bearer(secret('good')), refusal: unauthorized() };

function setup(access: Access, onRefused?: (event: Refused) => void) {
  const calls: string[] = [];
  const refusals: Refused[] = [];
  const handler: Handler = async ({ method }) => {
    calls.push(method);
    return plainReply(200, 'metrics');
  };
  const guard = guarded(handler, access, { onRefused: onRefused ?? ((event) => void refusals.push(event)) });
  const ask = async (method: string, token?: string, peer = '127.0.0.1') => {
    const header = (name: string) => (name === 'authorization' && token !== undefined ? `Bearer ${token}` : undefined);
    const reply = await guard({ method, path: '/metrics', query: new URLSearchParams(), header, peer });
    return { status: reply.status, headers: reply.headers, body: Buffer.from(reply.body).toString() };
  };
  return { calls, refusals, ask };
}

for (const method of methods) {
  test(`${method}: refused before the handler is asked, and told once with its reason`, async () => {
    const { calls, refusals, ask } = setup(restic);
    assert.deepEqual(await ask(method), { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: '' });
    assert.equal((await ask(method, 'bad')).status, 401);
    assert.deepEqual(calls, []);
    assert.deepEqual(refusals, [
      { reason: 'missing', count: 1, client: '127.0.0.1', method, path: '/metrics' },
      { reason: 'wrong', count: 1, client: '127.0.0.1', method, path: '/metrics' },
    ]);
    assert.equal((await ask(method, 'good')).status, 200);
    assert.deepEqual([calls, refusals.length], [[method], 2]);
  });
}

test('the gate comes before the method', async () => {
  const { calls, ask } = setup({
    gate: bearer(secret('good')),
    refusal: jsonError(401, 'missing or invalid API key'),
    methods: { only: ['GET'], otherwise: jsonError(404, 'not found') },
  });
  for (const method of methods)
    assert.equal((await ask(method, 'bad')).body, '{"error":"missing or invalid API key","code":401}');
  for (const method of methods.slice(1)) {
    const { status, headers, body } = await ask(method, 'good');
    assert.deepEqual([status, headers['content-type'], body], [404, 'application/json', '{"error":"not found","code":404}']);
  }
  assert.deepEqual(calls, []);
  assert.equal((await ask('GET', 'good')).status, 200);
});

test('a refusal that hides, and one without a challenge', async () => {
  const hidden = await setup({ gate: loopback(), refusal: notFound() }).ask('GET', undefined, '192.0.2.1');
  assert.deepEqual([hidden.status, hidden.body, hidden.headers.allow], [404, 'not found\n', undefined]);
  const silent = await setup({ gate: loopback(), refusal: unauthorized({ challenge: false }) }).ask(
    'GET',
    undefined,
    '192.0.2.1',
  );
  assert.deepEqual(silent, { status: 401, headers: {}, body: '' });
});

test('who counts refusals and throws opens nothing', async () => {
  const { calls, ask } = setup(restic, () => {
    throw new Error('bookkeeping');
  });
  assert.equal((await ask('GET')).status, 401);
  assert.deepEqual(calls, []);
});

test('what is wrong in it is said when it is put together, not when somebody asks', () => {
  const access = { ...restic, proxies: { trusted: ['10.0.0.1'] } };
  assert.throws(() => guarded(async () => plainReply(200, ''), access), { code: 'ACCESS_CONFIG_INVALID' });
});
