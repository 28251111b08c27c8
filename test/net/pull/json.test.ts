/** JSON on every road that a scrape takes; what it looks like is another test's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { createStore, type FamilySpec } from '../../../src/core/store/index.ts';
import { fastifyMetrics } from '../../../src/fastify.ts';
import { contract, counter, gauge } from '../../../src/index.ts';
import { fetchHandler } from '../../../src/net/http/fetch.ts';
import { plainReply } from '../../../src/net/http/plain-reply.ts';
import { testBridge } from '../../../src/testing.ts';
import { readJsonPage } from '../../formats/exposition/json-page.ts';
import { directoryOf } from '../../library/processes/bridges.ts';
import { startExporter } from '../../service/exporters/prometheus/rig.ts';
import { everywhere, openEndpoint } from './endpoint.ts';

const declared = contract('shop', { level: gauge({ help: 'Level.' }), runs: counter({ help: 'Runs.' }) });
const accept = 'application/json';
const expected = [
  ['shop_level', [3]],
  ['shop_runs_total', [2]],
];

async function valuesOf(response: Response) {
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, accept]);
  const families = readJsonPage(new Uint8Array(await response.arrayBuffer()));
  return families.map(({ name, metrics }) => [name, metrics.map(({ value }) => value)]);
}

for (const thread of [false, true]) {
  const where = thread ? 'a thread of its own' : "the host's thread";

  test(`a listener in ${where}: by header and by query, compressed, and some families alone`, async (t) => {
    const { bridge, metrics } = testBridge(declared);
    t.after(() => bridge.close());
    metrics.level.set(3);
    metrics.runs.add(2);
    const { url } = await bridge.listen('127.0.0.1:0', { thread });
    assert.deepEqual(await valuesOf(await fetch(url, { headers: { accept } })), expected);
    assert.deepEqual(await valuesOf(await fetch(`${url}?format=json`, { headers: { accept: 'text/plain' } })), expected);
    assert.deepEqual(await valuesOf(await fetch(`${url}?format=json`, { headers: { 'accept-encoding': 'gzip' } })), expected);
    assert.deepEqual(await valuesOf(await fetch(`${url}?format=json&name[]=shop_level`)), expected.slice(0, 1));
    assert.deepEqual(await valuesOf(await fetch(`${url}?format=json&name[]=nothing`)), []);
    const head = await fetch(`${url}?format=json`, { method: 'HEAD' });
    assert.deepEqual(
      [head.status, head.headers.get('content-type'), head.headers.get('vary')],
      [200, accept, 'Accept, Accept-Encoding'],
    );
    for (const query of ['?format=JSON', '?format=', '?format=text', '?format=xml&format=json'])
      assert.match((await fetch(url + query)).headers.get('content-type') ?? '', /^text\/plain/, query);
  });

  test(`a listener in ${where}: the host's own takes its place`, async (t) => {
    const { bridge } = testBridge(declared);
    t.after(() => bridge.close());
    const formats = { json: async () => ({ ...plainReply(200, '{"own":true}'), headers: { 'content-type': accept } }) };
    const { url } = await bridge.listen('127.0.0.1:0', { thread, formats });
    const textOf = async (query: string, given?: string) =>
      (await fetch(url + query, given === undefined ? {} : { headers: { accept: given } })).text();
    for (const [query, given] of [
      ['?format=json', undefined],
      ['?format=json', 'text/plain'],
      ['', accept],
      ['', `${accept}, */*;q=0.1`],
      ['?format=else', accept],
    ] as const)
      assert.equal(await textOf(query, given), '{"own":true}\n', `${query} ${given}`);
    for (const given of ['*/*', 'text/plain', `${accept};q=0.1, text/plain`])
      assert.match(await textOf('', given), /^# HELP/, given);
  });
}

test('an endpoint in Fastify, and behind Fetch', async (t) => {
  const { bridge, metrics } = testBridge(declared);
  const app = fastify();
  t.after(() => Promise.all([app.close(), bridge.close()]));
  metrics.level.set(3);
  metrics.runs.add(2);
  await app.register(fastifyMetrics(bridge));
  const { rawPayload, headers } = await app.inject({ url: '/metrics', headers: { accept } });
  assert.equal(headers['content-type'], accept);
  assert.equal(readJsonPage(rawPayload).length, 2);
  assert.deepEqual(await valuesOf(await fetchHandler(bridge.scrape)(new Request('http://h/metrics?format=json'))), expected);
});

test('the sum of several processes', { skip: process.platform === 'win32' }, async (t) => {
  const directory = directoryOf(t);
  const declarations = { runs: counter({ help: 'Runs.' }) };
  const [one, other] = [await directory.join(declarations), await directory.join(declarations)];
  one.bridge.metrics.runs.add(2);
  other.bridge.metrics.runs.add(3);
  const { url } = await one.bridge.listen('127.0.0.1:0');
  const shown = await valuesOf(await fetch(url, { headers: { accept } }));
  assert.deepEqual(shown, [['shop_runs_total', [5]]]);
});

test('the service has none, as the Collector', async (t) => {
  const { url, get } = await startExporter(t, { enable_open_metrics: true });
  for (const response of [await get(accept), await fetch(`${url}?format=json`)])
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
});

test('without protobuf there is JSON', async (t) => {
  const { bridge } = testBridge(declared, { scrape: { protobuf: false } });
  t.after(() => bridge.close());
  assert.equal((await valuesOf(await fetchHandler(bridge.scrape)(new Request('http://h/metrics?format=json')))).length, 2);
});

for (const where of everywhere) {
  test(`${where}: each of many sorted rows has its own start`, async (t) => {
    const store = createStore();
    const counts: FamilySpec = {
      name: 'app.runs',
      kind: 'counter',
      unit: '',
      help: '',
      labels: ['of'],
      maxAgeMs: 60_000,
      sorted: true,
    };
    const family = store.source({ scope: { name: 'app' } }).family(counts, true);
    for (let at = 0; at < 2_000; at++) family.row({ names: ['of'], values: [`${(at * 7) % 2_000}`] }, 1_000 * (at + 1), at);
    const { listener } = await openEndpoint(t, where, store);
    const [shown] = readJsonPage(new Uint8Array(await (await fetch(`${listener.url}?format=json`)).arrayBuffer()));
    const rows = shown?.metrics ?? [];
    assert.equal(rows.length, 2_000);
    // The row that has counted to `at` began at second `at + 1`.
    for (const { labels, value, created } of rows) assert.deepEqual([value, created], [value, Number(value) + 1], labels.of);
  });
}
