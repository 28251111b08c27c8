/**
 * The pictures of `docs/status-page.md`: of real services and a real bridge, in the states that the page speaks of. With
 * `UPDATE_PICTURES=1` they are written anew; without it, what would be written is only made.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { capped, contract, counter, gauge, histogram, meterbridge, oneOf } from '../../src/index.ts';
import { until } from '../until.ts';
import { assertFaultless, openBrowser, openPage } from './browser.ts';
import { indexedPng } from './indexed-png.ts';
import { type StatusService, startStatusService } from './status-service.ts';

const largestBytes = 60_000;
const window = (height: number) => ({ width: 1_160, height });

interface Shot {
  readonly url: string;
  /** How much of it. */
  readonly height: number;
  /** From the top of this element on; else from the page's. */
  readonly of?: string;
  /** What has to be there first. */
  readonly shows: RegExp;
  readonly options?: BrowserContextOptions;
}

async function take(browser: Browser, name: string, { url, of, height, shows, options }: Shot): Promise<void> {
  const watched = await openPage(browser, url, { viewport: window(height), reducedMotion: 'reduce', ...options });
  const { page } = watched;
  await page.waitForSelector('html.live');
  await until(`${name} shows ${shows}`, async () => shows.test(await textOf(page)));
  if (of !== undefined) await page.evaluate(`document.querySelector('${of}').scrollIntoView()`);
  const picture = indexedPng(await page.screenshot());
  assert.ok(picture.length < largestBytes, `${name}: ${picture.length} bytes`);
  if (process.env.UPDATE_PICTURES === '1') writeFileSync(join(import.meta.dirname, `../../docs/status-${name}.png`), picture);
  assertFaultless(watched);
}

const textOf = (page: Page) => page.evaluate('document.body.innerText') as Promise<string>;

/** Keeps sending until the test ends. */
function keepSending(t: TestContext, { send }: StatusService): void {
  const jobs = ['checkout', 'search', 'mail'];
  const timer = setInterval(() => {
    for (const [index, job] of jobs.entries()) void send(40 + index * 25, 'queue.length', job).catch(() => {});
  }, 250);
  t.after(() => clearInterval(timer));
}

const batch = { batch: { timeout: '50ms' } };

test('flow: points come in and go out', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, {
    processors: batch,
    exporters: { prometheus: { endpoint: '127.0.0.1:0' }, nop: null },
    pipelines: { metrics: { receivers: ['otlp'], processors: ['batch'], exporters: ['prometheus', 'nop'] } },
  });
  keepSending(t, service);
  await take(browser, 'flow', { url: service.page, height: 780, shows: /Comes in\s+[\d,]{3,} points\/s/ });
  const family = new URL(`/?store=${encodeURIComponent('exporter prometheus')}&name=queue_length_jobs`, service.page);
  await until('the family is there', async () =>
    (await (await fetch(new URL('/api/series', service.page))).text()).includes('queue_length'),
  );
  const { stores } = (await (await fetch(new URL('/api/series', service.page))).json()) as {
    stores: { top: { name: string }[] }[];
  };
  family.searchParams.set('name', stores[0]?.top[0]?.name ?? '');
  await take(browser, 'family', { url: family.href, of: '.family', height: 560, shows: /PromQL/ });
});

test('trouble: an exporter does not deliver, and a sender is refused', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, {
    processors: batch,
    exporters: { prometheus: { endpoint: '127.0.0.1:0' }, otlp_http: { endpoint: 'http://127.0.0.1:1' } },
    pipelines: { metrics: { receivers: ['otlp'], processors: ['batch'], exporters: ['prometheus', 'otlp_http'] } },
  });
  keepSending(t, service);
  await service.sendGarbage();
  await take(browser, 'trouble', {
    url: service.page,
    height: 780,
    shows: /does not deliver[\s\S]*requests wait[\s\S]*Comes in\s+[\d,]{3,} points/,
    options: { colorScheme: 'dark' },
  });
});

test('empty: nobody has sent yet, on a telephone', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, {
    exporters: { prometheus: { endpoint: '127.0.0.1:0' } },
    pipelines: { metrics: { receivers: ['otlp'], exporters: ['prometheus'] } },
  });
  await take(browser, 'empty', {
    url: service.page,
    height: 0,
    shows: /No points yet/,
    options: { viewport: { width: 360, height: 640 } },
  });
});

test('bridge: a contract, its store and its readers', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const shop = contract('shop', {
    orders: counter({ unit: '{order}', help: 'Orders.', labels: { status: oneOf('paid', 'refused') } }),
    time: histogram({ unit: 's', help: 'Time to the answer.', bounds: [0.1, 1], labels: { route: capped({ limit: 2 }) } }),
    memory: gauge({ observed: true, unit: 'By', help: 'Memory.' }),
  });
  const bridge = meterbridge(shop, { isolated: true, log() {} });
  t.after(() => bridge.close());
  bridge.metrics.memory.observe(() => process.memoryUsage().rss);
  const listener = await bridge.listen('127.0.0.1:0', { page: true });
  bridge.metrics.orders.add(1, { status: 'lost' as never });
  for (const route of ['/orders', '/cart', '/search']) bridge.metrics.time.record(0.2, { route });
  const timer = setInterval(() => void fetch(listener.url), 500);
  t.after(() => clearInterval(timer));
  await take(browser, 'bridge', { url: new URL('/', listener.url).href, height: 620, shows: /Goes out\s+[\d.]+ points\/s/ });
});
