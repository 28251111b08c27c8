import assert from 'node:assert/strict';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createStore } from '../../../src/core/store/index.ts';
import { createRenderer, parseExposition } from '../../../src/formats/exposition/index.ts';
import { listen } from '../../../src/net/pull/listen.ts';
import { createScrape } from '../../../src/net/pull/scrape.ts';
import { takeRow } from '../../core/store/labels.ts';

/** As Prometheus 3.14 asks. */
const accept =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

function get(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      buffer(response).then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }), reject);
    });
    sent.on('error', reject).end();
  });
}

test('from the store through a socket into the strict parser, and two in a row compute twice', async (t) => {
  const store = createStore();
  const family = store
    .source({ scope: { name: 'app' } })
    .family({ name: 'app.runs', kind: 'counter', unit: '{run}', help: 'Runs.', labels: ['task'], maxAgeMs: 60_000 }, true);
  const names = Array.from({ length: 100 }, (_, index) => `weird"task\\${index}\n`);
  const rows = names.map((task) => takeRow(family, { task }, 0));
  let refreshed = 0;
  const scrape = createScrape({
    renderer: createRenderer(store.view),
    refresh: async () => {
      refreshed += 1;
      for (const row of rows) family.cells[row * family.stride] = refreshed;
    },
    defaultFormat: 'text',
    onStale: 'omit',
  });
  const listener = await listen(scrape, '127.0.0.1:0', { log: () => {} });
  t.after(() => listener.close());

  for (const value of [1, 2]) {
    const reply = await get(listener.url, { accept, 'accept-encoding': 'gzip', 'x-prometheus-scrape-timeout-seconds': '10' });
    assert.equal(reply.status, 200);
    assert.equal(
      reply.headers['content-type'],
      'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8',
    );
    assert.equal(reply.headers['content-encoding'], 'gzip');
    assert.equal(reply.headers['content-length'], String(reply.body.byteLength));
    const parsed = parseExposition(gunzipSync(reply.body).toString(), 'openmetrics');
    assert.ok(parsed.ok, JSON.stringify(parsed));
    const [runs] = parsed.families;
    assert.deepEqual([parsed.families.length, runs?.name, runs?.kind, runs?.help], [1, 'app_runs', 'counter', 'Runs.']);
    assert.deepEqual(
      runs?.samples,
      names.map((task) => ({ name: 'app_runs_total', labels: [['task', task]], value })),
    );
  }
  const plain = await get(listener.url, {});
  assert.equal(plain.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  assert.ok(parseExposition(plain.body.toString(), 'text').ok);
  assert.equal(refreshed, 3);
});
