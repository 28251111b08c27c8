/** `--max-page-bytes`: a page that would be larger is without the resources that make it so, and with all others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from '../../../../src/formats/exposition/index.ts';
import type { SentMetric, SentResource } from '../../received/sender.ts';
import { openMetrics, type Rig, startExporter } from './rig.ts';

const time = 1_795_357_530_000_000_000n;
const maxPageBytes = 30_000;

const resourceOf = (name: string, ...metrics: readonly SentMetric[]): SentResource => ({
  attributes: { 'service.name': name, 'service.instance.id': 'i1' },
  metrics,
});

/** `count` series whose attribute is `length` bytes long. */
function gauges(name: string, count: number, length: number): SentMetric {
  const points = Array.from({ length: count }, (_, at) => ({
    attributes: { text: `${at}`.padEnd(length, 'x') },
    time,
    double: at,
  }));
  return { name, type: 'gauge', points };
}

function histogram(name: string, buckets: number, text: string): SentMetric {
  const bounds = Array.from({ length: buckets - 1 }, (_, at) => at + 1);
  const counts = Array<number>(buckets).fill(1);
  const point = { attributes: { text }, time, start: time - 1n, count: buckets, sum: 1, counts, bounds };
  return { name, type: 'histogram', temporality: 2, points: [point] };
}

const honest = resourceOf('honest', gauges('honest_work', 5, 4), histogram('shared_time', 5, 'mine'));
const honestLines = 5 + 7 + 1;

const of = (lines: readonly string[], job: string) => lines.filter((line) => line.includes(`job="${job}"`));

async function pageOf(rig: Rig, accept?: string): Promise<string> {
  const response = await rig.get(accept);
  assert.equal(response.status, 200);
  const text = await response.text();
  assert.ok(text.length <= maxPageBytes, `${text.length} bytes`);
  const parsed = parseExposition(text, accept === openMetrics ? 'openmetrics' : 'text');
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return text;
}

for (const [what, strategy, accept] of [
  ['text', 'UnderscoreEscapingWithSuffixes', 'text/plain'],
  ['OpenMetrics', 'UnderscoreEscapingWithSuffixes', openMetrics],
  ['bare UTF-8 names', 'NoTranslation', 'text/plain; version=1.0.0; escaping=allow-utf-8'],
  ['escaped names', 'NoTranslation', 'text/plain; version=1.0.0; escaping=underscores'],
] as const) {
  test(`${what}: what the largest resource added is left out as a whole, told once and counted`, async (t) => {
    const rig = await startExporter(t, { enable_open_metrics: true, translation_strategy: strategy }, { maxPageBytes });
    // Many short series, and the shared family's largest: the largest family is not the one to leave out.
    rig.send(honest, resourceOf('loud', gauges('loud_work', 600, 20), histogram('shared_time', 40, 'loud')));
    for (const _ of [1, 2]) {
      const text = await pageOf(rig, accept);
      const lines = text.split('\n');
      assert.equal(of(lines, 'honest').length, honestLines);
      // What says of whom it is remains.
      assert.deepEqual(
        of(lines, 'loud').map((line) => line.replace(/\{.*/, '')),
        ['target_info'],
      );
      assert.doesNotMatch(text, /loud_work/);
    }
    assert.equal(rig.warnings.length, 1, rig.warnings.join('\n'));
    assert.match(
      rig.warnings[0] ?? '',
      /^series of job "loud", instance "i1" are not shown: they are \d{5} bytes of an exposition that would be larger than 30000, .*--max-page-bytes$/,
    );
    assert.equal(rig.state().omitted, 2);
  });
}

test('of several the largest go first, until the rest fits', async (t) => {
  const rig = await startExporter(t, {}, { maxPageBytes });
  rig.send(honest, resourceOf('a', gauges('a_work', 100, 100)), resourceOf('b', gauges('b_work', 130, 100)));
  rig.send(resourceOf('c', gauges('c_work', 160, 100)));
  const lines = (await pageOf(rig)).split('\n');
  const shown = ['honest', 'a', 'b', 'c'].map((job) => of(lines, job).length);
  assert.deepEqual(shown, [honestLines, 101, 1, 1]);
  assert.equal(rig.warnings.length, 2);
});

test('a resource comes back once there is room', async (t) => {
  const rig = await startExporter(t, { metric_expiration: 60_000 }, { maxPageBytes });
  rig.send(honest, resourceOf('loud', gauges('loud_work', 600, 20)));
  assert.equal(of((await pageOf(rig)).split('\n'), 'loud').length, 1);
  rig.pass(40_000);
  rig.send(honest, resourceOf('loud', gauges('loud_work', 50, 20)));
  assert.equal(of((await pageOf(rig)).split('\n'), 'loud').length, 1);
  rig.pass(40_000);
  // The others have expired: this page learns it, and the next shows those that are left.
  await pageOf(rig);
  assert.equal(of((await pageOf(rig)).split('\n'), 'loud').length, 51);
  assert.equal(rig.state().omitted, 3);
});

test('a resource that another one has followed is not left out in its place', async (t) => {
  const rig = await startExporter(t, { metric_expiration: 60_000 }, { maxPageBytes });
  rig.send(resourceOf('loud', gauges('work', 600, 20)));
  assert.equal(of((await pageOf(rig)).split('\n'), 'loud').length, 1);
  rig.pass(70_000);
  // The rows of the former are given out again.
  rig.send(resourceOf('next', gauges('work', 200, 20)));
  assert.equal(of((await pageOf(rig)).split('\n'), 'next').length, 201);
});

test('one row that is larger than a page costs no more than others', async (t) => {
  const rig = await startExporter(t, { enable_open_metrics: true }, { maxPageBytes });
  const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`a${at}`, 'x'.repeat(60_000)]));
  const time_ = histogram('loud_time', 1_000, 'loud');
  const points = time_.points.map((point) => ({ ...point, attributes }));
  // Written, it would be 6 GB.
  rig.send(honest, resourceOf('loud', { ...time_, points }));
  for (const accept of ['text/plain', openMetrics]) {
    const lines = (await pageOf(rig, accept)).split('\n');
    assert.deepEqual([of(lines, 'honest').length, of(lines, 'loud').length], [honestLines, 1]);
  }
  assert.match(rig.warnings[0] ?? '', /they are 6\d{9} bytes/);
});

test('what renderings hold counts towards the memory that is limited', async (t) => {
  const rig = await startExporter(t);
  rig.send(resourceOf('a', gauges('a_work', 3_000, 1_000)));
  const before = rig.memory.used;
  await rig.text();
  assert.ok(rig.memory.used - before >= 3_000_000, `${rig.memory.used - before} bytes`);
});

test('series that are much longer than all those ahead of them are left out, though nothing announced them', async (t) => {
  const rig = await startExporter(t, {}, { maxPageBytes });
  rig.send(resourceOf('honest', gauges('a_short', 100, 4)), resourceOf('loud', gauges('z_long', 20, 4_000)));
  for (const _ of [1, 2]) {
    const lines = (await pageOf(rig)).split('\n');
    assert.equal(of(lines, 'honest').length, 100 + 1);
    assert.equal(of(lines, 'loud').filter((line) => line.startsWith('z_long')).length, 0);
  }
});
