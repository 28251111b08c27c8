/** The same values, written by each: the text differs as listed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { from } from './requests.ts';
import { sendToBoth } from './send.ts';
import { spellingCases } from './spelling.ts';
import { askBoth, startTwin } from './twin.ts';

/** Lines of the metric, under the name `NAME` and without labels but `le`. */
function ownLines(page: string, name: string): readonly string[] {
  const own = page.split('\n').filter((line) => line.includes(name));
  return own
    .map((line) =>
      line.replaceAll(name, 'NAME').replace(/\{.*\}/, (labels) => /\{le="[^"]*"\}|(?<=,)le="[^"]*"/.exec(labels)?.[0] ?? ''),
    )
    .map(braced);
}

const braced = (line: string): string => line.replace(/(?<=_bucket)le="[^"]*"/, (label) => `{${label}}`);

test('the Collector and the service write the same values, in another spelling', async (t) => {
  const twin = await startTwin(t);
  if (twin === undefined) return;
  for (const [index, { heading, format, metric, collector, service }] of spellingCases.entries())
    await t.test(`${heading} (${format}, ${index})`, async () => {
      const name = `spelt_${index}x`;
      await sendToBoth(twin, [from({ 'service.name': 'svc' }, [metric(name)])]);
      const both = await askBoth(twin, async (side) => ownLines(await side.page('plain', format), name));
      assert.deepEqual(both, { collector, service });
    });
  await t.test('The order of lines: families', async () => {
    const names = ['spelt_order_z', 'spelt_order_a'];
    const metrics = names.map((name) => ({ name, description: 'd', gauge: { dataPoints: [{ asInt: '1', timeUnixNano: '1' }] } }));
    await sendToBoth(twin, [from({ 'service.name': 'svc' }, metrics)]);
    const both = await askBoth(
      twin,
      async (side) => (await side.page('plain', 'text')).match(/(?<=^# TYPE )spelt_order_\w/gm) ?? [],
    );
    assert.deepEqual(both, { collector: names.toSorted(), service: names });
  });
});
