/**
 * `name[]` in the query, on every road that a scrape takes. Expected: what `promhttp.HandlerFor` of client_golang v1.24 does with
 * the same query.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { bearer, secret, unauthorized } from '../../../src/access.ts';
import { createStore, type Store } from '../../../src/core/store/index.ts';
import { fastifyMetrics } from '../../../src/fastify.ts';
import type { Rendering } from '../../../src/formats/exposition/index.ts';
import { contract, counter, gauge } from '../../../src/index.ts';
import type { Reply, RequestFacts } from '../../../src/net/http/exchange.ts';
import { fetchHandler } from '../../../src/net/http/fetch.ts';
import { nodeListener } from '../../../src/net/http/node-http.ts';
import { createScrape, type ScrapeEvent } from '../../../src/net/pull/index.ts';
import { testBridge } from '../../../src/testing.ts';
import { directoryOf } from '../../library/processes/bridges.ts';
import { everywhere, openEndpoint, putGauge } from './endpoint.ts';

const names = (page: string): string[] => [...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);

const queries: readonly (readonly [query: string, shown: readonly string[]])[] = [
  ['', ['app_a', 'app_b', 'app_c']],
  ['?', ['app_a', 'app_b', 'app_c']],
  ['?name=app_a', ['app_a', 'app_b', 'app_c']],
  ['?other[]=app_a', ['app_a', 'app_b', 'app_c']],
  ['?name[]=app_a', ['app_a']],
  ['?name%5B%5D=app_a', ['app_a']],
  ['?name[]=app_c&name[]=app_a&name[]=app_a', ['app_a', 'app_c']],
  ['?name[]=app_b&format=else', ['app_b']],
  ['?name[]=nothing', []],
  ['?name[]=nothing&name[]=app_b', ['app_b']],
  ['?name[]=', []],
  ['?name[]', []],
  ['?name[]=APP_A', []],
  ['?name[]=app_', []],
  ['?name[]=app_a,app_b', []],
];

function three(): Store {
  const store = createStore();
  for (const [at, name] of ['app.a', 'app.b', 'app.c'].entries()) putGauge(store, name, at);
  return store;
}

for (const where of everywhere) {
  test(`${where}: the families that are asked for, and no others`, async (t) => {
    const { listener } = await openEndpoint(t, where, three());
    for (const [query, shown] of queries) {
      const reply = await fetch(listener.url + query);
      assert.equal(reply.status, 200, query);
      assert.deepEqual(names(await reply.text()), shown, query);
    }
    const open = await fetch(`${listener.url}?name[]=nothing`, { headers: { accept: 'application/openmetrics-text' } });
    assert.equal(await open.text(), '# EOF\n');
    assert.equal((await fetch(`${listener.url}?name[]=app_a`, { method: 'HEAD' })).status, 200);
  });

  test(`${where}: more or longer names than may be are refused`, async (t) => {
    const { listener } = await openEndpoint(t, where, three());
    const many = (count: number): string => Array.from({ length: count }, (_, at) => `name[]=n${at}`).join('&');
    assert.equal((await fetch(`${listener.url}?${many(100)}`)).status, 200);
    const refused = await fetch(`${listener.url}?${many(101)}`);
    assert.deepEqual([refused.status, await refused.text()], [400, 'at most 100 name[], each of at most 1024 characters\n']);
    assert.equal((await fetch(`${listener.url}?name[]=${'x'.repeat(1_024)}`)).status, 200);
    assert.equal((await fetch(`${listener.url}?name[]=${'x'.repeat(1_025)}`)).status, 400);
  });

  test(`${where}: a gate refuses the same requests as without a filter`, async (t) => {
    const token = 'a-secret-of-sufficient-length-0123456789';
    const access = { gate: bearer(secret(token)), refusal: unauthorized() };
    const { listener } = await openEndpoint(t, where, three(), { listen: { access } });
    const status = async (query: string, headers = {}) => (await fetch(listener.url + query, { headers })).status;
    assert.deepEqual(
      [await status(''), await status('?name[]=app_a'), await status(`?name[]=${'x'.repeat(2_000)}`)],
      [401, 401, 401],
    );
    assert.equal(await status('?name[]=app_a', { authorization: `Bearer ${token}` }), 200);
  });
}

const declared = contract('shop', { level: gauge({ help: 'Level.' }), runs: counter({ help: 'Runs.' }) });

test('a bridge behind node:http, Fastify and Fetch', async (t) => {
  const { bridge, metrics } = testBridge(declared);
  t.after(() => bridge.close());
  metrics.level.set(3);
  const server = createServer(nodeListener(bridge.scrape)).listen(0, '127.0.0.1');
  const app = fastify();
  t.after(() => Promise.all([app.close(), new Promise((closed) => server.close(closed))]));
  await new Promise((listening) => server.once('listening', listening));
  await app.register(fastifyMetrics(bridge));
  const query = '/metrics?name[]=shop_runs_total';
  const { port } = server.address() as { port: number };
  const pages = [
    await (await fetch(`http://127.0.0.1:${port}${query}`)).text(),
    (await app.inject(query)).body,
    await (await fetchHandler(bridge.scrape)(new Request(`http://h${query}`))).text(),
  ];
  for (const page of pages)
    assert.equal(page, '# HELP shop_runs_total Runs.\n# TYPE shop_runs_total counter\nshop_runs_total 0\n');
});

test('the sum of several processes', { skip: process.platform === 'win32' }, async (t) => {
  const directory = directoryOf(t);
  const declarations = { level: gauge({ help: 'Level.' }), runs: counter({ help: 'Runs.' }) };
  const [one, other] = [await directory.join(declarations), await directory.join(declarations)];
  one.bridge.metrics.runs.add(2);
  other.bridge.metrics.runs.add(3);
  other.bridge.metrics.level.set(1);
  for (const { bridge } of [one, other]) {
    const { url } = await bridge.listen('127.0.0.1:0');
    assert.deepEqual(names(await (await fetch(`${url}?name[]=shop_runs_total`)).text()), ['shop_runs_total']);
  }
});

interface Rendered {
  readonly only: readonly string[] | undefined;
  readonly done: PromiseWithResolvers<Rendering>;
}

const body: Rendering = {
  body: new Uint8Array(1),
  series: 1,
  stale: [],
  unknown: [],
  omitted: [],
  oldestMs: 0,
  release: () => {},
};

function slowScrape(maxRenderings: number) {
  const rendered: Rendered[] = [];
  const events: ScrapeEvent[] = [];
  const scrape = createScrape({
    renderer: {
      render(_format, given) {
        const done = Promise.withResolvers<Rendering>();
        rendered.push({ only: given?.only && [...given.only], done });
        return done.promise;
      },
      takeRemarks: () => [],
    },
    refresh: () => undefined,
    defaultFormat: 'text',
    maxRenderings,
    onScrape: (event) => events.push(event),
  });
  const ask = async (query = ''): Promise<Reply> => scrape(factsOf(query));
  return { rendered, events, ask };
}

function factsOf(query: string): RequestFacts {
  return { method: 'GET', path: '/metrics', query: new URLSearchParams(query), header: () => undefined, peer: '127.0.0.1' };
}

test('equal filters share a rendering, whatever the order and number of their names', async () => {
  const { rendered, ask } = slowScrape(2);
  const replies = ['name[]=a&name[]=b', 'name[]=b&name[]=a', 'name[]=a&name[]=b&name[]=a', 'name[]=a', ''].map(ask);
  assert.deepEqual(
    rendered.map(({ only }) => only),
    [['a', 'b'], ['a'], undefined],
  );
  for (const { done } of rendered) done.resolve(body);
  assert.deepEqual(
    (await Promise.all(replies)).map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
});

test('names cannot be put together to another filter’s key', async () => {
  const { rendered, ask } = slowScrape(4);
  const replies = ['name[]=a","b', 'name[]=a&name[]=b', 'name[]=a b', 'name[]=["a"]'].map(ask);
  assert.equal(rendered.length, 4);
  for (const { done } of rendered) done.resolve(body);
  await Promise.all(replies);
});

test('filters that hang refuse other filters, and no scrape of all', async () => {
  const { rendered, events, ask } = slowScrape(2);
  const hanging = ['name[]=a', 'name[]=b'].map(ask);
  const refused = await ask('name[]=c');
  assert.deepEqual([refused.status, refused.headers['retry-after'], events[0]?.outcome], [503, '1', 'busy']);
  const all = ask();
  assert.equal(rendered.length, 3);
  for (const { done } of rendered) done.resolve(body);
  assert.deepEqual([(await all).status, ...(await Promise.all(hanging)).map(({ status }) => status)], [200, 200, 200]);
  const again = ask('name[]=c');
  rendered.at(-1)?.done.resolve(body);
  assert.equal((await again).status, 200);
});
