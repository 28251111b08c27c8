import assert from 'node:assert/strict';
import test from 'node:test';
import { fetchHandler } from '../../../src/net/http/fetch.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { echo } from './requests.ts';

test('facts of a Request; the peer is an argument', async () => {
  const headers = new Headers([
    ['X-Forwarded-For', '1.1.1.1'],
    ['x-forwarded-for', '2.2.2.2'],
  ]);
  const request = new Request('http://host:1/metrics?format=json', { headers });
  const facts = {
    method: 'GET',
    path: '/metrics',
    query: [['format', 'json']],
    forwarded: '1.1.1.1, 2.2.2.2',
    authorization: null,
  };
  const handle = fetchHandler(echo);
  assert.deepEqual(await (await handle(request, '127.0.0.1')).json(), { ...facts, peer: '127.0.0.1' });
  assert.deepEqual(await (await handle(request)).json(), { ...facts, peer: null });
});

test('status, headers and body of the reply', async () => {
  const response = await fetchHandler(async () => plainReply(405, 'no', { allow: 'GET, HEAD' }))(new Request('http://h/'));
  assert.deepEqual(
    [response.status, response.headers.get('allow'), response.headers.get('content-length')],
    [405, 'GET, HEAD', '3'],
  );
  assert.equal(await response.text(), 'no\n');
});

test('HEAD has no body', async () => {
  const response = await fetchHandler(echo)(new Request('http://h/', { method: 'HEAD' }));
  assert.equal(response.body, null);
  assert.match(response.headers.get('content-length') ?? '', /^[1-9]/);
});

test('the bytes of a reply stay the handler’s', async () => {
  const body = new TextEncoder().encode('shared');
  const handle = fetchHandler(async () => ({ status: 200, headers: {}, body }));
  new Uint8Array(await (await handle(new Request('http://h/'))).arrayBuffer()).fill(0);
  assert.equal(await (await handle(new Request('http://h/'))).text(), 'shared');
});

test('a handler that rejects: 500 without internal text', async () => {
  const response = await fetchHandler(() => Promise.reject(new Error('secret')))(new Request('http://h/'));
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
});
