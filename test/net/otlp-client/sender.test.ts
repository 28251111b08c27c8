import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { settingNames } from '../../../src/library/push/settings/setting-names.ts';
import type { ClientSettings, Retry } from '../../../src/net/otlp-client/client-settings.ts';
import { createNodePoster } from '../../../src/net/otlp-client/node-poster.ts';
import { createSender } from '../../../src/net/otlp-client/sender.ts';
import { DEADLINE_MS } from '../../until.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** No pause to speak of, and none within the time of a test. */
const [soon, never] = [1, 10 * DEADLINE_MS];
const retry: Retry = {
  initialIntervalMs: soon,
  multiplier: 1,
  maxIntervalMs: never,
  randomizationFactor: 0,
  maxRetryAfterMs: 1_000,
};

/** A client of a receiver that answers with one status after the other, and with the last of them again and again. */
async function talk(
  t: TestContext,
  statuses: readonly number[],
  over: Partial<ClientSettings> = {},
  headers: OutgoingHttpHeaders = {},
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses[Math.min(received.length, statuses.length) - 1] ?? 200, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/any/path`;
  const settings = {
    url,
    headers: {},
    encoding: 'protobuf',
    compression: undefined,
    retry,
    names: settingNames,
    ...over,
  } as const;
  const sender = createSender(settings, createNodePoster({}));
  t.after(() => {
    sender.close();
    server.close();
    server.closeAllConnections();
  });
  const send = () => sender.send(Buffer.from('points'), performance.now() + DEADLINE_MS, new AbortController().signal);
  return { received, sender, send };
}

test('attempts go on after the pauses that are handed in', async (t) => {
  const { received, send } = await talk(t, [503, 429, 502, 504, 200]);
  assert.deepEqual(await send(), { failure: undefined, remark: undefined });
  assert.equal(received.length, 5);
});

test('no attempt follows a pause that ends behind the time', async (t) => {
  const { received, send } = await talk(t, [503], { retry: { ...retry, initialIntervalMs: never } });
  assert.equal((await send()).failure?.cause, '503');
  assert.equal(received.length, 1);
});

test('each pause is longer than the last by the multiplier', async (t) => {
  const { received, send } = await talk(t, [503], { retry: { ...retry, multiplier: never } });
  await send();
  assert.equal(received.length, 2);
});

test('no pause is longer than the longest', async (t) => {
  const { received, send } = await talk(t, [503, 503, 503, 200], { retry: { ...retry, multiplier: never, maxIntervalMs: soon } });
  assert.equal((await send()).failure, undefined);
  assert.equal(received.length, 4);
});

test('a pause is shorter or longer by its share, by chance', async (t) => {
  const long: Retry = { ...retry, initialIntervalMs: DEADLINE_MS / 2, randomizationFactor: 1 };
  const random = t.mock.method(Math, 'random', () => 0);
  const shorter = await talk(t, [503, 200], { retry: long });
  assert.equal((await shorter.send()).failure, undefined, 'a pause of 0');
  random.mock.mockImplementation(() => 1);
  const longer = await talk(t, [503, 200], { retry: { ...long, initialIntervalMs: DEADLINE_MS / 2 + 1 } });
  assert.equal((await longer.send()).failure?.cause, '503', 'a pause of twice the time, which ends behind it');
});

test('Retry-After holds no longer than the longest that is handed in', async (t) => {
  const { sender, send } = await talk(t, [503, 200], {}, { 'retry-after': '3600' });
  assert.equal((await send()).failure, undefined);
  assert.ok(sender.heldUntil() > 0 && sender.heldUntil() <= performance.now());
});

test('a Retry-After makes a pause longer than the back-off, and none shorter', async (t) => {
  const asked = { 'retry-after': '1' };
  const longer = await talk(t, [503], { retry: { ...retry, maxRetryAfterMs: never } }, { 'retry-after': String(never / 1_000) });
  const shorter = await talk(t, [503], { retry: { ...retry, initialIntervalMs: 2 * never } }, asked);
  const waits = [await longer.send(), await shorter.send()].map((outcome) => outcome.failure && outcome.againMs);
  assert.deepEqual(waits, [never, 2 * never]);
});

test('the encoding and the compression that are handed in are on the wire', async (t) => {
  const compression = {
    name: 'x-upper',
    compress: async (request: Uint8Array) => Buffer.from(Buffer.from(request).toString().toUpperCase()),
  };
  const { received, send } = await talk(t, [200], { encoding: 'json', compression, headers: { 'user-agent': 'A/1' } });
  await send();
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  assert.deepEqual(
    [headers['content-type'], headers['content-encoding'], headers['user-agent']],
    ['application/json', 'x-upper', 'A/1'],
  );
  assert.equal(body, 'POINTS');
});

test('a final answer ends it, with the name that is handed in', async (t) => {
  const { received, send } = await talk(t, [401], { names: { ...settingNames, headers: 'exporters.otlp_http.headers' } });
  assert.equal((await send()).failure?.fix, 'set the credentials with exporters.otlp_http.headers');
  assert.equal(received.length, 1);
});
