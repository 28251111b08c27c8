/**
 * Redirections: RFC 9110, section 15.4, and what Go's client does with a POST (net/http, `redirectBehavior`); secrets stay with
 * their own origin.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { settingNames } from '../../../src/library/push/settings/setting-names.ts';
import type { ClientSettings } from '../../../src/net/otlp-client/client-settings.ts';
import { createNodePoster } from '../../../src/net/otlp-client/node-poster.ts';
import type { Poster } from '../../../src/net/otlp-client/poster.ts';
import { maxRedirects } from '../../../src/net/otlp-client/redirect.ts';
import { createSender } from '../../../src/net/otlp-client/sender.ts';
import { createServicePoster } from '../../../src/service/exporters/otlp-http/service-poster.ts';
import { startReceiver } from '../../service/exporters/otlp-http/receiver.ts';
import { DEADLINE_MS } from '../../until.ts';

const service = { tls: () => ({}), keepAlive: true, maxIdle: 10, idleMs: 60_000, proxyOf: () => undefined };
const clients: Readonly<Record<string, () => Poster | Promise<Poster>>> = {
  'node:http': () => createNodePoster({}),
  service: () => createServicePoster(service),
};
const retry = { initialIntervalMs: 1, multiplier: 1, maxIntervalMs: 1, randomizationFactor: 0, maxRetryAfterMs: 1 };

function sendTo(t: TestContext, poster: Poster, url: string, over: Partial<ClientSettings> = {}) {
  const settings = {
    url,
    headers: { 'x-secret': 's', 'user-agent': 'A/1' },
    encoding: 'protobuf',
    compression: undefined,
    retry,
    names: settingNames,
  };
  const sender = createSender({ ...settings, ...over } as ClientSettings, poster);
  t.after(() => sender.close());
  return sender.send(Buffer.from('points'), performance.now() + DEADLINE_MS, new AbortController().signal);
}

for (const [name, client] of Object.entries(clients)) {
  for (const status of [307, 308]) {
    test(`${name}: ${status} to the same origin is followed with everything`, async (t) => {
      const receiver = await startReceiver(t, [{ status, headers: { location: '/moved?a=b' } }, { status: 200 }]);
      const url = `${receiver.origin.replace('//', '//user:pass@')}/v1/metrics`;
      assert.deepEqual(await sendTo(t, await client(), url), { failure: undefined, remark: undefined });
      const [first, second] = receiver.requests;
      assert.deepEqual([second?.path, String(second?.body)], ['/moved?a=b', 'points']);
      assert.deepEqual(second?.headers, first?.headers);
      assert.equal(second?.headers.authorization, `Basic ${Buffer.from('user:pass').toString('base64')}`);
    });

    test(`${name}: ${status} to another origin is followed with no header that was configured`, async (t) => {
      const target = await startReceiver(t);
      const receiver = await startReceiver(t, [{ status, headers: { location: `${target.origin}/v1/metrics` } }]);
      const headersNow = () => ({ authorization: 'Bearer b' });
      const url = `${receiver.origin.replace('//', '//user:pass@')}/v1/metrics`;
      assert.deepEqual(await sendTo(t, await client(), url, { headersNow }), { failure: undefined, remark: undefined });
      const [{ headers, body } = { headers: {}, body: '' }] = target.requests;
      assert.equal(String(body), 'points');
      const seen = Object.keys(headers).filter((header) => !['host', 'connection'].includes(header));
      assert.deepEqual(seen.sort(), ['content-length', 'content-type']);
      assert.equal(receiver.requests[0]?.headers['x-secret'], 's');
    });
  }

  test(`${name}: a secret that left its origin does not come back with a second redirection, one that comes home does`, async (t) => {
    const home = await startReceiver(t, [{ status: 307 }, { status: 200 }]);
    const away = await startReceiver(t, [{ status: 307, headers: { location: `${home.origin}/back` } }]);
    home.answer = ({ path }) => (path === '/back' ? { status: 200 } : { status: 307, headers: { location: away.origin } });
    const url = `${home.origin.replace('//', '//user:pass@')}/v1/metrics`;
    assert.equal((await sendTo(t, await client(), url)).failure, undefined);
    const basic = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    assert.deepEqual(
      [home.requests[0], away.requests[0], home.requests[1]].map((request) => [
        request?.headers['x-secret'],
        request?.headers.authorization,
      ]),
      [
        ['s', basic],
        [undefined, undefined],
        ['s', basic],
      ],
    );
  });

  test(`${name}: redirections without end are an error`, async (t) => {
    const receiver = await startReceiver(t, [{ status: 308, headers: { location: '/again' } }]);
    const { failure } = await sendTo(t, await client(), `${receiver.origin}/v1/metrics`, {
      retry: { ...retry, initialIntervalMs: 10 * DEADLINE_MS },
    });
    assert.match(failure?.text ?? '', /redirection number 6, and 5 are followed/);
    assert.equal(receiver.requests.length, maxRedirects + 1);
  });

  for (const [status, location] of [
    [301, 'http://127.0.0.1:1/new'],
    [302, '/new'],
    [303, '/new'],
    [307, undefined],
    [307, 'ftp://127.0.0.1/new'],
    [308, 'http://['],
  ] as const)
    test(`${name}: ${status} to ${location} is a failure that names it`, async (t) => {
      const receiver = await startReceiver(t, [{ status, ...(location !== undefined && { headers: { location } }) }]);
      const { failure, retryable } = (await sendTo(t, await client(), `${receiver.origin}/v1/metrics`)) as {
        failure: { text: string };
        retryable?: boolean;
      };
      assert.ok(failure.text.startsWith(String(status)), failure.text);
      if (location !== undefined) assert.ok(failure.text.includes(location), failure.text);
      assert.notEqual(retryable, true);
      assert.equal(receiver.requests.length, 1);
    });
}
