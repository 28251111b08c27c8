/** Scrapers that ask for several large expositions at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startExporter } from './rig.ts';

const mib = 2 ** 20;
const names = ['a', 'b', 'c', 'd'];
const series = 8_000;
const text = 'x'.repeat(180);

test('six at once, of other formats and names, hold little more than one, and all are whole', async (t) => {
  const rig = await startExporter(t, {}, { maxPageBytes: 64 * mib });
  const points = Array.from({ length: series }, (_, at) => ({ attributes: { text: `${text}${at}` }, time: 1n, double: at }));
  rig.send({ attributes: { 'service.name': 's' }, metrics: names.map((name) => ({ name, type: 'gauge', points })) });
  const page = (await rig.text()).length;
  assert.ok(page > 6 * mib, `${page}`);
  const before = rig.memory.used;
  let most = 0;
  let going = true;
  const looks = (async () => {
    while (going) {
      most = Math.max(most, rig.memory.used);
      await sleep(1);
    }
  })();
  // Each has all of it, by another list of names.
  const lists = [1, 2, 3, 4].map((at) => `?${[...names, `none${at}`].map((name) => `name[]=${name}`).join('&')}`);
  const asked = [
    ...lists.map((list) => fetch(`${rig.url}${list}`, { headers: { accept: 'text/plain' } })),
    rig.get(),
    rig.get('application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'),
  ];
  const bodies = await Promise.all(asked.map(async (one) => (await one).arrayBuffer()));
  going = false;
  await looks;
  assert.deepEqual(new Set(bodies.slice(0, 5).map((body) => body.byteLength)), new Set([page]));
  t.diagnostic(`${Math.round((most - before) / mib)} MiB more at most, of pages of ${Math.round(page / mib)} MiB`);
  // One that is written, those that are being sent, and what is kept for the next one.
  assert.ok(most - before < 3 * page, `${most - before} bytes for pages of ${page}`);
});
