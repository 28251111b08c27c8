/** What the exporter answers a scraper that asks for protobuf. */
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { decodeFamilies } from '../../../formats/exposition/decode-families.ts';
import type { SentExemplar, SentPoint, SentResource } from '../../received/sender.ts';
import { startExporter } from './rig.ts';

const accept = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const ms = 1_000_000n;

function waits(...points: readonly SentPoint[]): SentResource {
  return {
    attributes: { 'service.name': 'till' },
    metrics: [{ name: 'waits', type: 'exponentialHistogram', temporality: 2, points }],
  };
}

async function pageOf(url: string) {
  const response = await fetch(url, { headers: { accept } });
  assert.equal(
    response.headers.get('content-type'),
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  );
  return decodeFamilies(new Uint8Array(await response.arrayBuffer()));
}

const exemplar = (at: number, double: number): SentExemplar => ({ time: BigInt(at) * ms, double, trace: Buffer.alloc(16, at) });

test('exemplars of native histograms: the newest of a share of the buckets, ten at most, in the order of time', async (t) => {
  const rig = await startExporter(t);
  const counts = Array.from({ length: 24 }, () => 1);
  const point = { time: 5_000n * ms, count: 24, sum: 1, scale: 0, positive: { offset: 0, counts } };
  // Bucket `at` is above 2^at; the ten last of those sent are one in each share.
  const sent = counts.map((_, at) => exemplar(200 - at, 1.5 * 2 ** at));
  rig.send(waits({ ...point, exemplars: [...sent, { ...exemplar(250, 3), time: 0n }] }));
  const [family] = (await pageOf(rig.url)).filter(({ name }) => name === 'waits');
  const shown = family?.metric?.[0]?.histogram?.exemplars ?? [];
  assert.deepEqual(
    shown.map(({ value, timestamp }) => [value, timestamp]),
    sent
      .slice(0, 10)
      .reverse()
      .map(({ time, double }) => [double, { seconds: 0, nanos: Number(time) }]),
  );
  assert.deepEqual(shown[0]?.label, [{ name: 'trace_id', value: (200 - 9).toString(16).repeat(16) }]);
});

test('starts: as they were sent, but none that is 0 or the time of the point', async (t) => {
  const rig = await startExporter(t);
  const points = [
    { attributes: { case: 'sent' }, start: 1_500n * ms, time: 5_000n * ms, double: 1 },
    { attributes: { case: 'zero' }, start: 0n, time: 5_000n * ms, double: 1 },
    { attributes: { case: 'own' }, start: 5_000n * ms, time: 5_000n * ms, double: 1 },
  ];
  rig.send({ metrics: [{ name: 'x', type: 'sum', temporality: 2, monotonic: true, points }] });
  const [family] = await pageOf(rig.url);
  assert.deepEqual(
    family?.metric?.map(({ counter }) => counter?.createdTimestamp),
    [{ seconds: 1, nanos: 500_000_000 }, undefined, undefined],
  );
});

test('what Prometheus has no native histogram for is said once', async (t) => {
  const rig = await startExporter(t);
  rig.send(waits({ time: 5_000n * ms, count: 1, sum: 1, scale: -5, positive: { offset: 0, counts: [1] } }));
  for (const _ of [1, 2]) await pageOf(rig.url);
  assert.equal(rig.warnings.length, 1);
  assert.match(rig.warnings[0] ?? '', /^waits: native histograms of it are shown with count and sum only/);
  assert.equal(rig.state().conflicts, 0);
});

test('compressed, and HEAD', async (t) => {
  const rig = await startExporter(t);
  const points = Array.from({ length: 300 }, (_, at) => ({ attributes: { at: String(at) }, time: 5_000n * ms, double: at }));
  rig.send({ metrics: [{ name: 'x', type: 'gauge', points }] });
  const plain = await pageOf(rig.url);
  assert.equal(plain[0]?.metric?.length, 300);
  const zipped = await new Promise<Buffer>((resolve, reject) => {
    get(rig.url, { headers: { accept, 'accept-encoding': 'gzip' } }, async (response) => {
      assert.equal(response.headers['content-encoding'], 'gzip');
      resolve(Buffer.concat(await response.toArray()));
    }).on('error', reject);
  });
  assert.deepEqual(decodeFamilies(gunzipSync(zipped)), plain);
  const head = await fetch(rig.url, { method: 'HEAD', headers: { accept } });
  assert.match(head.headers.get('content-type') ?? '', /^application\/vnd\.google\.protobuf/);
});

test('a page that would be too large leaves the largest resource out', async (t) => {
  const maxPageBytes = 30_000;
  const rig = await startExporter(t, {}, { maxPageBytes });
  const gauges = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ attributes: { at: `${at}`.padEnd(60, 'x') }, time: ms, double: at }));
  const resource = (job: string, count: number): SentResource => ({
    attributes: { 'service.name': job },
    metrics: [{ name: 'work', type: 'gauge', points: gauges(count) }],
  });
  rig.send(resource('quiet', 20), resource('loud', 600));
  for (const _ of [1, 2]) {
    const response = await fetch(rig.url, { headers: { accept } });
    const body = new Uint8Array(await response.arrayBuffer());
    assert.ok(body.length <= maxPageBytes, `${body.length} bytes`);
    const work = decodeFamilies(body).find(({ name }) => name === 'work');
    const jobs = work?.metric?.map(({ label = [] }) => label.find(({ name }) => name === 'job')?.value) ?? [];
    assert.deepEqual([jobs.length, new Set(jobs)], [20, new Set(['quiet'])]);
  }
  assert.match(rig.warnings.join('\n'), /^series of job "loud" are not shown: they are \d+ bytes/);
});
