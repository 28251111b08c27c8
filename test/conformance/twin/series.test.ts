/** The same file and the same traffic through a real Collector and through the service: they show the same series. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSame, linesOf } from './page.ts';
import { sendToBoth } from './send.ts';
import { traffic } from './traffic/index.ts';
import { askBoth, exporters, startTwin } from './twin.ts';

const shown = exporters.filter((name) => name !== 'brief').flatMap((name) => [`${name} text`, `${name} openmetrics`] as const);

test('the Collector and the service show the same series', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  let number = 0;
  for (const [title, requests] of Object.entries(traffic)) {
    const p = `t${++number}t`;
    await t.test(title, async () => {
      await sendToBoth(twin, requests(p, { 'service.name': 'svc', 'service.instance.id': p }));
      for (const page of shown) {
        const [name, format] = page.split(' ') as [(typeof exporters)[number], 'text' | 'openmetrics'];
        const keeps = (line: string) => line.startsWith(`${p}_`) || line.startsWith(`acme_${p}_`) || line.includes(`="${p}"`);
        const { collector, service } = await askBoth(twin, async (side) => linesOf(await side.page(name, format), format, keeps));
        assert.ok(collector.length > 0, `${page}: the Collector shows nothing`);
        assertSame({ collector, service }, page);
      }
    });
  }
});
