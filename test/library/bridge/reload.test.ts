/** Hot reload: outside production, what a module does when it is evaluated again replaces what it did before. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BridgeOptions, type Contract, contract, counter, gauge, meterbridge, oneOf } from '../../../src/index.ts';
import { sdkEngine } from '../../../src/sdk.ts';
import { testBridge } from '../../../src/testing.ts';
import { scrapedOf } from '../recording/scraped.ts';

const development: BridgeOptions = { env: {}, push: false };
const production: BridgeOptions = { env: { NODE_ENV: 'production' }, push: false };
const root = join(import.meta.dirname, '../../..');

const sold = (help = 'Sold.') => counter({ help, labels: { size: oneOf('s', 'l') } });
const stock = gauge({ observed: true, help: 'Stock.' });
const names = new Set<string>();

/** A name that no other test has: the bridges of a process are found by it. */
function name(): string {
  const made = `reload${names.size}`;
  names.add(made);
  return made;
}

function opened<C extends Contract>(declared: C, options: BridgeOptions) {
  const lines: string[] = [];
  return { bridge: meterbridge(declared, { ...options, log: (line) => lines.push(line) }), lines };
}

for (const [engine, chosen] of [['store', {}] as const, ['sdk', { engine: sdkEngine() }] as const]) {
  const options = { ...development, ...chosen };

  test(`${engine}: an edited contract keeps what is declared alike, and begins the rest anew`, async (t) => {
    const shop = name();
    const { bridge: first, lines } = opened(contract(shop, { kept: sold(), changed: sold(), gone: sold() }), options);
    t.after(() => first.close());
    const before = first.metrics;
    const bound = { kept: before.kept.bind({ size: 's' }), changed: before.changed.bind({ size: 's' }) };
    for (const one of Object.values(before)) one.add(2, { size: 's' });

    const second = meterbridge(contract(shop, { kept: sold(), changed: sold('Sold today.'), added: sold() }), options);
    // What the earlier module still records counts where the metric is the same, and nowhere else.
    for (const one of Object.values(before)) one.add(10, { size: 's' });
    for (const one of Object.values(bound)) one.add(100);
    for (const one of Object.values(second.metrics)) one.add(1, { size: 's' });

    const expected = {
      [`${shop}_kept_total{size="s"}`]: 113,
      [`${shop}_kept_total{size="l"}`]: 0,
      [`${shop}_changed_total{size="s"}`]: 1,
      [`${shop}_changed_total{size="l"}`]: 0,
      [`${shop}_added_total{size="s"}`]: 1,
      [`${shop}_added_total{size="l"}`]: 0,
    };
    assert.deepEqual(await scrapedOf(second, shop), expected);
    assert.deepEqual(await scrapedOf(first, shop), expected, 'what serves the earlier bridge shows the same');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', /"Sold\." here, "Sold today\." there/);
    for (const lost of ['changed', 'gone']) assert.ok(lines[0]?.includes(`${shop}_${lost}_total`), lines[0]);
    assert.ok(!lines[0]?.includes(`${shop}_kept_total`), lines[0]);
  });

  test(`${engine}: a registered library's contract is replaced as well`, async (t) => {
    const [shop, library] = [name(), name()];
    const { bridge } = opened(contract(shop, { sold: sold() }), options);
    t.after(() => bridge.close());
    bridge.register(contract(library, { sold: sold() })).sold.add(1, { size: 'l' });
    bridge.register(contract(library, { sold: sold(), hits: counter({ help: 'Hits.' }) })).hits.add(3);
    assert.deepEqual(await scrapedOf(bridge, library), {
      [`${library}_sold_total{size="s"}`]: 0,
      [`${library}_sold_total{size="l"}`]: 1,
      [`${library}_hits_total`]: 3,
    });
  });

  test(`${engine}: a later callback replaces the earlier one`, async (t) => {
    const shop = name();
    const { bridge, lines } = opened(contract(shop, { stock, price: stock }), options);
    t.after(() => bridge.close());
    const { metrics } = bridge;
    const detach = bridge.observe([metrics.stock, metrics.price], (o) => {
      o.set(metrics.stock, 1);
      o.set(metrics.price, 1);
    });
    metrics.stock.observe(() => 2);
    detach();
    // The earlier callback served both.
    assert.deepEqual(await scrapedOf(bridge, shop), { [`${shop}_stock`]: 2 });
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', new RegExp(`^${shop}_stock: a callback replaces`));
  });
}

test('a callback that serves several metrics goes on for those that are kept, also one that is running', async (t) => {
  const shop = name();
  const { bridge, lines } = opened(contract(shop, { stock, gone: stock }), development);
  t.after(() => bridge.close());
  const { metrics } = bridge;
  const released = Promise.withResolvers<void>();
  t.after(() => released.resolve());
  let value = 1;
  bridge.observe([metrics.stock, metrics.gone], async (o) => {
    await released.promise;
    o.set(metrics.stock, value);
    o.set(metrics.gone, value);
  });
  const running = bridge.refresh();
  const again = meterbridge(contract(shop, { stock }), development);
  released.resolve();
  await running;
  assert.deepEqual(await scrapedOf(again, shop), { [`${shop}_stock`]: 1 });
  value = 2;
  assert.deepEqual(await scrapedOf(again, shop), { [`${shop}_stock`]: 2 });
  assert.equal(lines.length, 1, lines.join('\n'));
});

test('a callback of the OpenTelemetry API ends with its metric', async (t) => {
  const shop = name();
  const { bridge } = opened(contract(shop, { stock, other: stock }), development);
  t.after(() => bridge.close());
  let runs = 0;
  const gauges = bridge.meterProvider.getMeter(shop);
  gauges.createObservableGauge(`${shop}.stock`).addCallback((result) => {
    runs += 1;
    result.observe(runs);
  });
  assert.deepEqual(await scrapedOf(bridge, shop), { [`${shop}_stock`]: 1 });
  meterbridge(contract(shop, { other: stock }), development);
  assert.deepEqual(await scrapedOf(bridge, shop), {});
  assert.equal(runs, 1);
});

test('edited options wait for a restart, with a line', async (t) => {
  const shop = name();
  const { bridge, lines } = opened(contract(shop, { sold: sold() }), development);
  t.after(() => bridge.close());
  assert.equal(meterbridge(contract(shop, { sold: sold() }), { ...development, callbackTimeoutMs: 7 }), bridge);
  assert.match(lines.join('\n'), /^contract reload\d+: options\.callbackTimeoutMs is edited.*restart/);
});

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

for (const thread of [false, true]) {
  test(`listen again at the same address takes it over${thread ? ', in a thread' : ''}`, async (t) => {
    const shop = name();
    const { bridge, lines } = opened(contract(shop, { sold: sold() }), development);
    t.after(() => bridge.close());
    const address = await freeAddress();
    const first = await bridge.listen(address, { path: '/before', thread });
    // Two at once, as modules that depend on each other may be loaded.
    const [, last] = await Promise.all([
      bridge.listen(address, { path: '/between', thread }),
      bridge.listen(address, { path: '/after', thread }),
    ]);
    assert.equal(last.url, `http://${address}/after`);
    assert.equal((await fetch(first.url)).status, 404);
    assert.match(await (await fetch(last.url)).text(), new RegExp(`${shop}_sold_total`));
    assert.equal(lines.filter((line) => line.startsWith(`listen: ${address} is handed over`)).length, 2, lines.join('\n'));
    // The earlier module's cleanup does not close what the later one opened.
    await first.close();
    assert.equal((await fetch(last.url)).status, 200);
    await last.close();
    await assert.rejects(fetch(last.url));
  });
}

test('in production, and on an isolated bridge, a second one is an error', async (t) => {
  const { bridge } = opened(contract(name(), { stock }), production);
  const isolated = testBridge(contract(name(), { stock })).bridge;
  for (const one of [bridge, isolated]) {
    t.after(() => one.close());
    one.metrics.stock.observe(() => 1);
    assert.throws(() => one.metrics.stock.observe(() => 2), { code: 'OBSERVE_MISUSE' });
    const { address } = await one.listen('127.0.0.1:0');
    await assert.rejects(one.listen(`127.0.0.1:${address.port}`), { code: 'LISTEN_FAILED' });
  }
});

test('a module that is edited and imported again records on', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'));
  t.after(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(root, 'src'), join(folder, 'src'));
  const address = await freeAddress();
  const module = (metrics: string, price: number) => `
    import { contract, counter, gauge, meterbridge } from './src/index.ts';
    export const lines = globalThis.reloadLines ??= [];
    export const bridge = meterbridge(contract('edited', {
      sold: counter({ help: 'Sold.' }), price: gauge({ observed: true, help: 'Price.' }), ${metrics}
    }), { env: {}, push: false, log: (line) => lines.push(line) });
    bridge.metrics.price.observe(() => ${price});
    bridge.metrics.sold.add(1);
    export const listener = await bridge.listen('${address}');`;
  const versions = [module('', 1), module('', 1), module(`queue: counter({ help: 'Queue.' })`, 2), module('', 3)];
  const pages: Record<string, number>[] = [];
  let last: { bridge: { close(): Promise<void>; scrape: never }; listener: { url: string } } | undefined;
  t.after(() => last?.bridge.close());
  for (const [at, text] of versions.entries()) {
    writeFileSync(join(folder, 'metrics.ts'), text);
    last = await import(`${join(folder, 'metrics.ts')}?t=${at}`);
    assert.equal((await fetch(last?.listener.url ?? '')).status, 200);
    pages.push(await scrapedOf(last?.bridge as never, 'edited_'));
  }
  assert.deepEqual(pages, [
    { edited_sold_total: 1, edited_price: 1 },
    { edited_sold_total: 2, edited_price: 1 },
    { edited_sold_total: 3, edited_price: 2, edited_queue_total: 0 },
    { edited_sold_total: 4, edited_price: 3 },
  ]);
});
