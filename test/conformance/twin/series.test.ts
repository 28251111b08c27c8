/** The same file and the same traffic through a real Collector and through the service: they show the same series. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSame, linesOf } from './page.ts';
import { scrapeCases } from './scrapes.ts';
import { sendToBoth } from './send.ts';
import { traffic } from './traffic/index.ts';
import { ofEscapedNames } from './traffic/names.ts';
import { askBoth, type ExporterName, exporters, type Format, startTwin } from './twin.ts';

const utf8 = ['utf8', 'untranslated'] as const;
const shown = [
  ...exporters.filter((name) => name !== 'brief').flatMap((name) => [`${name} text`, `${name} openmetrics`] as const),
  ...utf8.flatMap((name) => [`${name} utf8-text`, `${name} utf8-openmetrics`] as const),
  'utf8 dots-text',
  'untranslated values-text',
] as const;

test('the Collector and the service show the same series', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  for (const [title, { accept, exporter = 'utf8', differs }] of Object.entries(scrapeCases)) {
    await t.test(`content type: ${title}`, async () => {
      const { collector, service } = await askBoth(twin, (side) => side.contentType(exporter, accept));
      if (differs === undefined) assert.equal(service, collector);
      else assert.deepEqual([collector, service], [differs.collector.type, differs.service.type]);
    });
  }
  let number = 0;
  for (const [title, requests] of Object.entries(traffic)) {
    const p = `t${++number}t`;
    await t.test(title, async () => {
      await sendToBoth(twin, requests(p, { 'service.name': 'svc', 'service.instance.id': p }));
      for (const page of shown) {
        const [name, format] = page.split(' ') as [ExporterName, Format];
        if (title === ofEscapedNames && utf8.some((one) => one === name)) continue;
        const keeps = (line: string) => line.includes(`${p}_`) || line.includes(`="${p}"`);
        const { collector, service } = await askBoth(twin, async (side) => linesOf(await side.page(name, format), format, keeps));
        assert.ok(collector.length > 0, `${page}: the Collector shows nothing`);
        assertSame({ collector, service }, page);
      }
    });
  }
});
