/** A page that is left open: after thousands of updates it has as many elements as before, and no more memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFaultless, openBrowser, openPage } from './browser.ts';
import { startStatusService } from './status-service.ts';

const mostBytes = 300_000;

/** Stands for the stream, so that an update need not take a second: everything behind it is the page's own. */
const fastStream = `globalThis.EventSource = class extends EventTarget {
  static CLOSED = 2;
  constructor() { super(); globalThis.stream = this; }
  close() {}
};
// A picture for each update, without waiting for the screen.
globalThis.requestAnimationFrame = (draw) => setTimeout(draw, 0);`;

/** Ticks with other numbers each time; each is drawn before the next one comes. */
const play = (updates: number) => `(async () => {
  const tick = await (await fetch('/api/tick')).json();
  for (let index = 0; index < ${updates}; index++) {
    for (const edge of Object.values(tick.edges)) Object.assign(edge, { now: index * 7.3, total: edge.total + index, refused: index });
    tick.at += 1000;
    tick.refusals = index >> 4;
    globalThis.stream.dispatchEvent(new MessageEvent('tick', { data: JSON.stringify(tick) }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
})()`;

test('two thousand updates leave neither elements nor memory behind', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const service = await startStatusService(t, {
    processors: { batch: { timeout: '50ms' } },
    exporters: { prometheus: { endpoint: '127.0.0.1:0' }, otlp_http: { endpoint: 'http://127.0.0.1:1' } },
    pipelines: { metrics: { receivers: ['otlp'], processors: ['batch'], exporters: ['prometheus', 'otlp_http'] } },
  });
  await service.send(50);
  await service.sendGarbage();
  const watched = await openPage(browser, service.page, {}, fastStream);
  const { page } = watched;
  await page.waitForSelector('html.live');
  const debug = await page.context().newCDPSession(page);
  async function held(): Promise<{ readonly nodes: number; readonly listeners: number; readonly bytes: number }> {
    await debug.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners: listeners } = await debug.send('Memory.getDOMCounters');
    const { usedSize: bytes } = await debug.send('Runtime.getHeapUsage');
    return { nodes, listeners, bytes };
  }

  await page.evaluate(play(200));
  const before = await held();
  await page.evaluate(play(2_000));
  let after = await held();
  // What is left of the last updates goes a little later where the machine is busy; what grows with each stays.
  for (let again = 0; again < 20 && after.bytes > before.bytes + mostBytes; again++) {
    await page.waitForTimeout(200);
    after = await held();
  }
  t.diagnostic(`${JSON.stringify(before)} and then ${JSON.stringify(after)}`);
  // What an exporter says of its queue comes and goes between the two.
  assert.ok(after.nodes <= before.nodes + 40, `${before.nodes} nodes, then ${after.nodes}`);
  assert.ok(after.listeners <= before.listeners, `${before.listeners} listeners, then ${after.listeners}`);
  assert.ok(after.bytes <= before.bytes + mostBytes, `${before.bytes} bytes, then ${after.bytes}`);
  assertFaultless(watched);
});
