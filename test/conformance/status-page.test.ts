/** The page of a real service in a real browser: what it shows is what is configured, what was sent and what was refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../until.ts';
import { assertAccessible } from './axe.ts';
import { assertFaultless, openBrowser, openPage } from './browser.ts';
import { startStatusService, type Wiring } from './status-service.ts';

const wiring: Wiring = {
  receivers: { 'otlp/second': { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
  processors: {
    batch: { timeout: '50ms' },
    'filter/quiet': { metrics: { exclude: { match_type: 'strict', metric_names: ['no.such'] } } },
  },
  exporters: { prometheus: { endpoint: '127.0.0.1:0' }, nop: null },
  pipelines: {
    metrics: { receivers: ['otlp'], processors: ['batch'], exporters: ['prometheus', 'nop'] },
    'metrics/second': { receivers: ['otlp', 'otlp/second'], processors: ['filter/quiet', 'batch'], exporters: ['nop'] },
  },
};

/** The edges that this configuration means, as the Collector wires one: each pipeline has processors of its own. */
function edgesOf({ pipelines }: Wiring): readonly string[] {
  return Object.entries(pipelines)
    .flatMap(([pipeline, { receivers, processors = [], exporters }]) => {
      const own = processors.map((id) => `processor ${id} (${pipeline})`);
      const columns = [
        receivers.map((id) => `receiver ${id}`),
        ...own.map((key) => [key]),
        exporters.map((id) => `exporter ${id}`),
      ];
      return columns
        .slice(1)
        .flatMap((to, index) => (columns[index] ?? []).flatMap((from) => to.map((key) => `${from} > ${key} (${pipeline})`)));
    })
    .sort();
}

const shown = (page: Page, expression: string) => page.evaluate(expression) as Promise<string[]>;
const edgesShown = (page: Page) =>
  shown(page, `[...document.querySelectorAll('.graph [data-edge]')].map((one) => one.dataset.edge).sort()`);
const textOf = (page: Page, selector: string) =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`) as Promise<string>;

test('the graph is the configuration, with and without a script', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, wiring);
  for (const javaScriptEnabled of [true, false]) {
    const watched = await openPage(browser, service.page, { javaScriptEnabled });
    if (javaScriptEnabled) await watched.page.waitForSelector('html.live');
    assert.deepEqual(await edgesShown(watched.page), edgesOf(wiring));
    const rows = await shown(
      watched.page,
      `[...document.querySelectorAll('#flow tbody tr')].map((one) => one.dataset.key).sort()`,
    );
    assert.deepEqual(rows, edgesOf(wiring));
    assertFaultless(watched);
  }
});

test('numbers on edges are the points that were sent, and fall to 0 when nobody sends', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, wiring);
  const watched = await openPage(browser, service.page);
  const { page } = watched;
  await page.waitForSelector('html.live');
  const totals = () =>
    shown(
      page,
      `[...document.querySelectorAll('#flow tbody tr')].map((one) => one.dataset.key + ': ' + one.querySelector('[data-label=Total]').textContent).sort()`,
    );
  const key = 'receiver otlp > processor batch (metrics) (metrics)';
  const now = () => textOf(page, `[data-edge="${key}"] text`);
  let sent = 0;
  await until('a rate', async () => {
    assert.equal(await service.send(23), 200);
    sent += 23;
    return /^[1-9][\d.]* points\/s$/.test(await now());
  });
  // Each pipeline has every point; the second receiver has none.
  const expected = edgesOf(wiring)
    .map((edge) => `${edge}: ${edge.startsWith('receiver otlp/second') ? 0 : sent.toLocaleString('en')} points`)
    .sort();
  await until(`${sent} points on each edge`, async () => JSON.stringify(await totals()) === JSON.stringify(expected));
  await until('no rate', async () => (await now()) === '0 points/s');
  assertFaultless(watched);
});

test('a refusal appears by itself within two seconds, with what happened and its fix', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, wiring);
  const watched = await openPage(browser, service.page);
  const { page } = watched;
  await page.waitForSelector('html.live');
  const took: number[] = [];
  // The least of three: a busy machine can delay one.
  for (const count of [1, 2, 3]) {
    const sentAt = performance.now();
    assert.equal(await service.sendGarbage(), 400);
    await until(`${count} refused`, async () =>
      (await textOf(page, '#refused .refusal')).startsWith(`refused ${count} requests by receiver otlp`),
    );
    took.push(performance.now() - sentAt);
  }
  t.diagnostic(`a refusal appears after ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  assert.ok(Math.min(...took) < 2_000, `${took}`);
  assert.match(await textOf(page, '#refused .refusal'), /What happened.+Fix.+message/i);
  assert.match(await textOf(page, '.attention'), /refused by receiver otlp/);
  assertFaultless(watched);
});

test('an exporter that does not deliver is told at the top, with its queue', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, {
    exporters: { otlp_http: { endpoint: 'http://127.0.0.1:1' } },
    pipelines: { metrics: { receivers: ['otlp'], exporters: ['otlp_http'] } },
  });
  const watched = await openPage(browser, service.page, { colorScheme: 'dark' });
  await watched.page.waitForSelector('html.live');
  assert.match(await textOf(watched.page, '#flow'), /No points yet\..*OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:\d+/);
  await service.send(10);
  await until('told', async () => /exporter otlp_http does not deliver/.test(await textOf(watched.page, '.attention')));
  await until('its queue is shown', async () =>
    /queue .+ full/.test(await textOf(watched.page, '[data-node="exporter otlp_http"]')),
  );
  await assertAccessible(watched.page);
  assertFaultless(watched);
});
