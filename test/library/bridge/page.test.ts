/** The page of an embedded bridge: what it shows, who gets it, and where there is none. */
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { type TestContext, test } from 'node:test';
import { bearer, notFound, secret } from '../../../src/access.ts';
import { capped, contract, counter, gauge, histogram, type Listener, meterbridge, oneOf } from '../../../src/index.ts';
import type { Graph, Refusals, Scrapers, Series, Status, Tick } from '../../../src/status/model/index.ts';
import { until } from '../../until.ts';

const shop = contract('shop', {
  orders: counter({ unit: '{order}', help: 'Orders.', labels: { status: oneOf('paid', 'unpaid') } }),
  time: histogram({ unit: 's', help: 'Time.', bounds: [0.1, 1], labels: { route: capped({ limit: 1 }) } }),
  memory: gauge({ observed: true, unit: 'By', help: 'Memory.' }),
});

function open(t: TestContext, log: (line: string) => void = () => {}) {
  const bridge = meterbridge(shop, { isolated: true, log });
  t.after(() => bridge.close());
  return bridge;
}

const pageOf = ({ url }: Listener) => new URL('/', url).href;
const ask = async <T>(listener: Listener, path: string): Promise<T> =>
  (await fetch(new URL(path, listener.url))).json() as Promise<T>;

test('the graph is the contract, its store and its readers, with what a scrape got', async (t) => {
  const bridge = open(t);
  const listener = await bridge.listen('127.0.0.1:0', { page: true });
  bridge.metrics.memory.observe(() => 7);
  const before = await ask<Graph>(listener, '/api/graph');
  assert.deepEqual(
    before.nodes.map(({ key }) => key),
    ['source shop', 'store values', 'reader scrape'],
  );
  assert.deepEqual(
    before.edges.map(({ from, to, total }) => [from, to, total]),
    [
      ['source shop', 'store values', 0],
      ['store values', 'reader scrape', 0],
    ],
  );
  assert.match(before.nodes[0]?.settings ?? '', /^shop_orders_total: counter, \{order\}, by status$/m);
  // Two orders that start at 0, and the memory.
  const page = await (await fetch(listener.url)).text();
  assert.equal(page.match(/^shop_(orders_total|memory_bytes)/gm)?.length, 3);
  const after = await ask<Graph>(listener, '/api/graph');
  assert.equal(after.edges[1]?.total, 3);
  const { scrapers } = await ask<Scrapers>(listener, '/api/scrapers');
  assert.deepEqual(
    scrapers.map(({ endpoint, format, status, scrapes }) => [endpoint, format, status, scrapes]),
    [['reader scrape', 'text', 200, 1]],
  );
});

for (const thread of [false, true])
  test(`scrapes of another listener${thread ? ', in a thread,' : ''} are not denied beside the table of those of the page's own`, async (t) => {
    const bridge = open(t);
    const other = await bridge.listen('127.0.0.1:0', { thread });
    const listener = await bridge.listen('127.0.0.1:0', { page: true });
    const text = async () => (await (await fetch(pageOf(listener))).text()).replace(/<[^>]+>/g, '');
    assert.match(await text(), /Nobody has scraped yet\./);
    for (let scrapes = 0; scrapes < 3; scrapes++) await (await fetch(other.url)).text();
    // A thread reports its scrapes a little later.
    await until('three', async () => (await ask<Scrapers>(listener, '/api/scrapers')).elsewhere === 3);
    const denied = await text();
    assert.doesNotMatch(denied, /Nobody has scraped yet/);
    assert.match(
      denied,
      /Nobody has scraped the listener that has this page\.3 scrapes came by other listeners or routes of this program\./,
    );
    await (await fetch(listener.url)).text();
    await fetch(listener.url, { method: 'HEAD' });
    const { scrapers, elsewhere } = await ask<Scrapers>(listener, '/api/scrapers');
    assert.deepEqual([scrapers.find(({ status }) => status === 200)?.scrapes, elsewhere], [1, 3]);
    assert.equal((await ask<Tick>(listener, '/api/tick')).scrapes >= 4, true);
  });

test('a rejected and a folded measurement have their rule and fix, and change the stream', async (t) => {
  const bridge = open(t);
  const listener = await bridge.listen('127.0.0.1:0', { page: true });
  const { refusals: none } = await ask<Tick>(listener, '/api/tick');
  bridge.metrics.orders.add(1, { status: 'gone' as never });
  for (const route of ['/a', '/b', '/b']) bridge.metrics.time.record(1, { route });
  const { refusals } = await ask<Refusals>(listener, '/api/refusals');
  assert.deepEqual(
    refusals.map(({ what, reason, by, count }) => [what, reason, by, count]),
    [
      ['folded', 'capped', 'source shop', 2],
      ['refused', 'label_value', 'source shop', 1],
    ],
  );
  assert.match(
    refusals[1]?.happened ?? '',
    /^shop_orders_total\{status\}: a measurement is rejected \(label_value\); the value of the label is not among those of the contract$/,
  );
  assert.equal(refusals[1]?.fix, 'add it to the contract, or correct it');
  const tick = await ask<Tick>(listener, '/api/tick');
  assert.equal(tick.refusals - none, 3);
  assert.equal(tick.edges['source shop > store values']?.refused, 1);
});

test('series are those of the store, by family', async (t) => {
  const bridge = open(t);
  const listener = await bridge.listen('127.0.0.1:0', { page: true });
  for (const route of ['/a', '/b']) bridge.metrics.time.record(1, { route });
  const { stores } = await ask<Series>(listener, '/api/series');
  assert.deepEqual(stores[0]?.top.map(({ name, series }) => [name, series]).sort(), [
    ['shop_memory_bytes', 0],
    ['shop_orders_total', 2],
    ['shop_time_seconds', 2],
  ]);
  const { nodes } = await ask<Graph>(listener, '/api/graph');
  assert.deepEqual([stores[0]?.series, stores[0]?.families], [4, 3]);
  assert.deepEqual(nodes.find(({ kind }) => kind === 'store')?.series, { count: 4, families: 3 });
  const status = await ask<Status>(listener, '/api/status');
  assert.deepEqual(
    [status.kind, status.name, status.parts],
    ['bridge', 'shop', ['graph', 'scrapers', 'series', 'labels', 'family', 'refusals']],
  );
});

test('the page is HTML with the facts, behind the access rule of the metrics', async (t) => {
  const bridge = open(t);
  const access = { gate: bearer(secret('a-token-of-that-many-characters')), refusal: notFound() };
  const listener = await bridge.listen('127.0.0.1:0', { page: true });
  const html = await (await fetch(pageOf(listener))).text();
  assert.match(html, /^<!doctype html>.*shop_orders_total: counter/s);
  const closed = await bridge.listen('127.0.0.1:0', { page: true, access });
  const headers = { authorization: 'Bearer a-token-of-that-many-characters' };
  assert.equal((await fetch(pageOf(closed), { headers })).status, 200);
  for (const path of ['/', '/api/graph', '/api/events', '/assets/page.css', '/metrics'])
    assert.equal((await fetch(new URL(path, closed.url))).status, 404, path);
});

test('production has no page, and a line says so, unless it is asked for outright', async (t) => {
  const lines: string[] = [];
  const bridge = open(t, (line) => lines.push(line));
  const former = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  t.after(() => {
    if (former === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = former;
  });
  const without = await bridge.listen('127.0.0.1:0', { page: true });
  assert.equal((await fetch(pageOf(without))).status, 404);
  assert.match(lines.join('\n'), /has no page, because NODE_ENV is production\. Fix, if you want it there: page: 'always'/);
  const asked = await bridge.listen('127.0.0.1:0', { page: 'always' });
  assert.equal((await fetch(pageOf(asked))).status, 200);
  assert.equal((await ask<Status>(asked, '/api/status')).showsValues, false);
});

test('production shows no value that a program passed, in refusals either; development does', async (t) => {
  const former = process.env.NODE_ENV;
  t.after(() => {
    if (former === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = former;
  });
  for (const [environment, areShown] of [
    ['production', false],
    ['development', true],
  ] as const) {
    process.env.NODE_ENV = environment;
    const bridge = open(t);
    const listener = await bridge.listen('127.0.0.1:0', { page: 'always' });
    bridge.metrics.orders.add(1, { status: 'person@example.org' as never });
    for (const route of ['/first', '/of/a-person']) bridge.metrics.time.record(1, { route });
    const html = await (await fetch(pageOf(listener))).text();
    const refusals = await ask<Refusals>(listener, '/api/refusals');
    const all = html + JSON.stringify(refusals);
    for (const value of ['person@example.org', '/of/a-person'])
      assert.equal(all.includes(value), areShown, `${environment}: ${value}`);
    const messages = refusals.refusals.map(({ message }) => message);
    if (!areShown) assert.ok(messages.includes('shop_orders_total{status}: got a value that is not shown (string)'));
  }
});

test('a listener without the option has no page', async (t) => {
  const listener = await open(t).listen('127.0.0.1:0');
  for (const path of ['/', '/api/graph', '/assets/page.css'])
    assert.equal((await fetch(new URL(path, listener.url))).status, 404, path);
});

for (const [what, options, rule] of [
  ['another value', { page: 'yes' }, /page.*it is true, false or 'always'/s],
  ['a listener in a thread', { page: true, thread: true }, /the page is made by this thread/],
  ['metrics at the path of the page', { page: true, path: ['/metrics', '/'] }, /the page is at \//],
] as const)
  test(`wrong: ${what}`, async (t) => {
    await assert.rejects(open(t).listen('127.0.0.1:0', options as never), { code: 'OPTION_INVALID', message: rule });
  });

test('closing ends the stream of a page that is open', async (t) => {
  const bridge = open(t);
  const listener = await bridge.listen('127.0.0.1:0', { page: true });
  let text = '';
  const ended = new Promise<void>((resolve, reject) => {
    get(new URL('/api/events', listener.url), (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('close', resolve);
    }).on('error', reject);
  });
  await until('a message', () => text.includes('event: tick'));
  await listener.close();
  await ended;
});

test('a bridge whose page nobody asked for loads nothing of it', async () => {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { contract, counter, meterbridge } = await import('${new URL('../../../src/index.ts', import.meta.url)}');
    const bridge = meterbridge(contract('t', { runs: counter({ help: 'Runs.' }) }));
    await (await bridge.listen('127.0.0.1:0', { page: false })).close();
    await bridge.close();
    console.log(loaded.filter((url) => /src\\/(status|bridge\\/status)\\//.test(url)).length, loaded.length > 50);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(stdout, '0 true\n');
});
