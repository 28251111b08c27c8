/** One page of several bridges is a legal exposition, of which each family is one bridge's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from '../../../src/formats/exposition/parse/parse.ts';
import { capped, contract, counter, gauge, histogram } from '../../../src/index.ts';
import { pageOfAll } from '../../../src/library/register/page.ts';
import type { Handler, RequestFacts } from '../../../src/net/http/exchange.ts';
import { testBridge } from '../../../src/testing.ts';
import { decodeFamilies } from '../../formats/exposition/decode-families.ts';
import { readJsonPage } from '../../formats/exposition/json-page.ts';

const request = (headers: Readonly<Record<string, string>> = {}, method = 'GET'): RequestFacts => ({
  method,
  path: '/metrics',
  query: new URLSearchParams(),
  header: (name) => headers[name],
  peer: '127.0.0.1',
});

const textOf = async (handler: Handler, headers?: Readonly<Record<string, string>>) => {
  const { status, headers: given, body } = await handler(request(headers));
  return { status, type: given['content-type'], text: new TextDecoder().decode(body) };
};

const shop = contract(
  'shop',
  {
    orders: counter({ help: 'Orders.\n# HELP b x', labels: { of: capped() } }),
    time: histogram({ unit: 's', help: 'Time.', bounds: [1] }),
    none: gauge({ observed: true, help: 'Not known.' }),
  },
  { defaultFormat: 'openmetrics' },
);
const other = contract('other', {
  level: gauge({ help: 'Level.' }),
  theirs: counter({ instrument: 'shop.orders', help: 'Theirs.' }),
});

function bridges() {
  const [first, second] = [testBridge(shop).bridge, testBridge(other).bridge];
  first.metrics.orders.add(1, { of: '\n# TYPE b gauge\n' });
  first.metrics.time.record(0.5);
  second.metrics.level.set(3);
  second.metrics.theirs.add(9);
  return [first.scrape, second.scrape] as const;
}

for (const [format, accept] of [
  ['openmetrics', undefined],
  ['openmetrics', 'application/openmetrics-text'],
  ['text', 'text/plain'],
] as const) {
  test(`as ${format} for Accept: ${accept}: each family once, the first bridge's ahead`, async () => {
    const sources = bridges();
    const twice: string[] = [];
    const page = await textOf(
      pageOfAll(
        () => sources,
        (names) => void twice.push(...names),
      ),
      { 'accept-encoding': 'gzip', ...(accept !== undefined && { accept }) },
    );
    assert.equal(page.status, 200);
    assert.match(page.type ?? '', format === 'text' ? /^text\/plain/ : /^application\/openmetrics-text/);
    const parsed = parseExposition(page.text, format);
    assert.ok(parsed.ok, JSON.stringify(parsed));
    const series = parsed.families.flatMap(({ samples }) => samples.map(({ name, value }) => [name, value]));
    assert.deepEqual(
      series.filter(([name]) => !String(name).includes('_bucket')),
      [
        ['shop_orders_total', 1],
        ['shop_time_seconds_sum', 0.5],
        ['shop_time_seconds_count', 1],
        ['other_level', 3],
      ].sort((a, b) => series.findIndex(([name]) => name === a[0]) - series.findIndex(([name]) => name === b[0])),
    );
    assert.deepEqual(twice, [format === 'text' ? 'shop_orders_total' : 'shop_orders']);
    assert.equal(page.text.match(/^# EOF$/gm)?.length ?? 0, format === 'text' ? 0 : 1);
  });
}

test('alone, a bridge has its page, and its encoding', async () => {
  const [, alone] = bridges();
  const page = pageOfAll(
    () => [alone],
    () => assert.fail(),
  );
  assert.deepEqual(await textOf(page), await textOf(alone));
});

test('a page that fails is the answer, whichever bridge it is, and what is sent is given back', async () => {
  let given = 0;
  const ok: Handler = () => ({
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: new Uint8Array(),
    sent: () => void given++,
  });
  const fails: Handler = () => ({ status: 500, headers: {}, body: new TextEncoder().encode('no values') });
  for (const sources of [
    [ok, fails],
    [fails, ok],
  ]) {
    const { status, text } = await textOf(
      pageOfAll(
        () => sources,
        () => {},
      ),
    );
    assert.deepEqual([status, text], [500, 'no values']);
  }
  assert.equal(given, 1);
});

test('other methods than GET are answered by the first', async () => {
  const [first] = bridges();
  const page = pageOfAll(bridges, () => {});
  for (const method of ['HEAD', 'POST']) assert.deepEqual(await page(request({}, method)), await first(request({}, method)));
});

test('as JSON, by header and by query, and as protobuf', async () => {
  const sources = bridges();
  const named: string[] = [];
  const page = pageOfAll(
    () => sources,
    (names) => void named.push(...names),
  );
  const families = ['shop_orders_total', 'shop_time_seconds', 'other_level'];
  for (const query of ['', 'format=json']) {
    const accept = query === '' ? 'application/json' : 'text/plain';
    const asked = { ...request({ accept }), query: new URLSearchParams(query) };
    const { headers, body } = await page(asked);
    assert.equal(headers['content-type'], 'application/json');
    const read = readJsonPage(body);
    assert.deepEqual(
      read.map(({ name }) => name),
      families,
    );
    assert.deepEqual(read[0]?.metrics[0]?.labels, { of: '\n# TYPE b gauge\n' });
  }
  const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
  const { body } = await page(request({ accept }));
  assert.deepEqual(
    decodeFamilies(body).map(({ name }) => name),
    families,
  );
  assert.deepEqual(named, ['shop_orders_total', 'shop_orders_total', 'shop_orders_total']);
});
