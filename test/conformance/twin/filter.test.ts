/** `name[]` in the query: a real Collector and the service show the same families, whatever the names are escaped as. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSame, linesOf } from './page.ts';
import { attributesOf, buckets, gauge, histogram, number, sum } from './requests.ts';
import { sendToBoth } from './send.ts';
import { askBoth, type ExporterName, type Format, startTwin } from './twin.ts';

const metrics = [
  sum('shop.orders', [number(1, 3, { attributes: { 'order.state': 'paid' } })], { unit: '{order}' }),
  gauge('shop.level', [number(1, 5)]),
  histogram('shop.time', [buckets(1, [1, 1], { bounds: [1], sum: 4 })], { unit: 's' }),
  gauge('größe', [number(1, 7)]),
];
const resource = { attributes: attributesOf({ 'service.name': 'svc', 'service.instance.id': 'i1', 'host.name': 'h' }) };

/** The names of each exporter's families, as the Collector's own page says. */
const names: Readonly<Partial<Record<ExporterName, readonly string[]>>> = {
  plain: ['shop_orders_total', 'shop_level', 'shop_time_seconds', 'target_info'],
  utf8: ['shop.orders_total', 'shop.level', 'shop.time_seconds', 'größe', 'target_info'],
  untranslated: ['acme.eu_shop.orders', 'acme.eu_shop.level', 'acme.eu_target_info'],
};
const formats: readonly Format[] = ['text', 'openmetrics', 'utf8-text', 'utf8-openmetrics', 'dots-text', 'values-text'];
const others = [
  'nothing',
  '',
  'SHOP_LEVEL',
  'shop_time_seconds_bucket',
  'shop_time_seconds_count',
  'shop_',
  'shop_level,target_info',
];

const queryOf = (asked: readonly string[]): string => `?${asked.map((name) => `name[]=${encodeURIComponent(name)}`).join('&')}`;

test('the Collector and the service show the families that name[] names', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  await sendToBoth(twin, [{ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }]);
  let shown = 0;
  for (const [exporter, own = []] of Object.entries(names) as [ExporterName, readonly string[]][]) {
    const asked = [...own.map((name) => [name]), own, own.slice(1, 3).toReversed(), ...others.map((name) => [name])];
    for (const format of formats) {
      for (const some of asked) {
        const query = queryOf(some);
        const pages = await askBoth(twin, async (side) => linesOf(await side.page(exporter, format, query), format));
        assertSame(pages, `${exporter} ${format} ${query}`);
        if (own.includes(some[0] as string))
          assert.ok(pages.collector.length > 0, `${exporter} ${format} ${query}: nothing is shown`);
        shown += pages.collector.length;
      }
    }
  }
  const escaped = queryOf(['shop_level']);
  const written = await askBoth(twin, async (side) => linesOf(await side.page('utf8', 'text', escaped), 'text').length > 0);
  assert.deepEqual(written, { collector: false, service: true }, 'the name as it is written on the page');
  const many = queryOf(Array.from({ length: 101 }, () => 'nothing'));
  const answers = await askBoth(twin, (side) => side.page('plain', 'text', many).catch(() => 'refused'));
  assert.deepEqual(answers, { collector: '', service: 'refused' });
  t.diagnostic(`${shown} lines compared`);
});
