/** Who may read the page: by Host, by Origin, by method, with credentials; and how many at a time. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { until } from '../../../until.ts';
import { basic } from '../../guard/credentials.ts';
import { otlp, startWithPage, withPage } from './page.ts';

const components = `receivers: {otlp: ${otlp}}\nexporters: {nop: }`;
const pipelines = '{metrics: {receivers: [otlp], exporters: [nop]}}';
const plain = withPage(components, pipelines);

/** `fetch` sets Host and Origin itself. */
function ask(url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    const asked = request(url, { headers, method, agent: false }, async (response) => {
      let body = '';
      for await (const part of response) body += part;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    asked.on('error', reject).end();
  });
}

test('paths: those of the Collector that have a page, and no others', async (t) => {
  const { origin } = await startWithPage(t, plain);
  for (const [path, status] of [
    ['/', 200],
    ['/debug/servicez', 200],
    ['/debug/pipelinez', 200],
    ['/debug/extensionz', 200],
    ['/debug/featurez', 200],
    ['/debug/tracez', 404],
    ['/debug/expvarz', 404],
    ['/debug', 404],
    ['/api/graph', 200],
    ['/api/schema', 404],
    ['/api/constructor', 404],
    ['/api/family', 400],
    ['/api/family?store=exporter+none&name=x', 404],
    ['/api/', 404],
    ['/metrics', 404],
  ] as const)
    assert.equal((await ask(origin + path)).status, status, path);
});

test('every answer forbids scripts within the page, frames, and what is loaded from elsewhere', async (t) => {
  const { origin } = await startWithPage(t, plain);
  for (const path of ['/', '/api/graph', '/debug/servicez']) {
    const { headers, body } = await ask(origin + path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|http|\*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(body, /<script(?![^>]*\ssrc=)[^>]*>(?!\s*<\/script>)|\son\w+=|\sstyle=/);
  }
});

test('it reads only: GET and HEAD', async (t) => {
  const { origin } = await startWithPage(t, plain);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await ask(`${origin}/api/graph`, {}, method);
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
  }
  for (const path of ['/', '/api/graph', '/api/events']) {
    const { status, body } = await ask(origin + path, {}, 'HEAD');
    assert.deepEqual([status, body], [200, ''], path);
  }
});

test('only for its own names, and for no other web page', async (t) => {
  const { origin } = await startWithPage(t, plain);
  const { host, port } = new URL(origin);
  for (const [headers, page, data] of [
    [{ host: `localhost:${port}` }, 200, 200],
    [{ host: 'rebound.example' }, 421, 421],
    [{ host: `rebound.example:${port}` }, 421, 421],
    [{ origin: `http://${host}` }, 200, 200],
    [{ origin: 'http://evil.example' }, 403, 403],
    [{ origin: 'null' }, 403, 403],
    [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200, 200],
    [{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200, 200],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403, 403],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403, 403],
    // A link to the page.
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403, 403],
  ] as const) {
    const given = { ...headers } as Record<string, string>;
    assert.equal((await ask(`${origin}/`, given)).status, page, JSON.stringify(headers));
    assert.equal((await ask(`${origin}/api/graph`, given)).status, data, JSON.stringify(headers));
    if (data !== 200) assert.equal((await ask(`${origin}/api/events`, given)).status, data, JSON.stringify(headers));
  }
});

test('auth: neither the page, nor its data, nor its stream without credentials', async (t) => {
  const page = "{endpoint: '127.0.0.1:0', auth: {authenticator: basicauth}}";
  const { origin } = await startWithPage(
    t,
    withPage(
      components,
      pipelines,
      page,
      "basicauth: {htpasswd: {inline: 'me:$$2a$$04$$B14DZSfN8sTtkT0y9DRKh.tKm1fFIDCk2fMKg9JJPbmjmJ1Lu4X9m'}}",
    ),
  );
  for (const path of ['/', '/api/graph', '/api/events', '/debug/servicez']) {
    assert.equal((await ask(origin + path)).status, 401, path);
    assert.equal((await ask(origin + path, { authorization: basic('me', 'wrong') })).status, 401, path);
  }
});

test('twenty streams at a time, one message a second each; one that leaves makes room, and all end with the service', async (t) => {
  const page = await startWithPage(t, plain);
  const leave = new AbortController();
  const open = (signal?: AbortSignal) => fetch(`${page.origin}/api/events`, signal && { signal });
  const first = await open(leave.signal);
  assert.equal(first.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const [second, ...others] = await Promise.all(Array.from({ length: 19 }, () => open()));
  assert.deepEqual([...new Set(others.map(({ status }) => status))], [200]);
  assert.ok(second?.body);
  const { body } = second;
  const refused = await open();
  assert.equal(refused.status, 503);
  await refused.arrayBuffer();
  leave.abort();
  await until('room', async () => {
    const asked = await open();
    if (asked.status !== 200) await asked.arrayBuffer();
    return asked.status === 200;
  });
  let text = '';
  const reading = (async () => {
    for await (const part of body as ReadableStream<Uint8Array>) text += Buffer.from(part).toString();
  })();
  await until('three messages', () => text.split('event: tick').length > 3);
  const [retry, ...messages] = text.split('\n\n').filter((one) => one !== '');
  assert.equal(retry, 'retry: 1000');
  for (const message of messages) {
    const [event, data = ''] = message.split('\n');
    assert.equal(event, 'event: tick');
    assert.ok(JSON.parse(data.slice('data: '.length)).at > 0);
  }
  await page.shutdown();
  await reading;
});
