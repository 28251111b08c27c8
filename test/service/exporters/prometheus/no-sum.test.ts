/**
 * What each format shows of a histogram that was sent without a sum. Expected values are typed from the formats' specifications.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from '../../../../src/formats/exposition/index.ts';
import { decodeFamilies } from '../../../formats/exposition/decode-families.ts';
import type { SentPoint } from '../../received/sender.ts';
import { openMetrics, startExporter } from './rig.ts';

const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const time = 1_795_377_313_000n * 1_000_000n;
const point = (a: string, over: Partial<SentPoint>): SentPoint => ({
  attributes: { a },
  time,
  bounds: [1, 2],
  counts: [1, 1, 1],
  count: 3,
  ...over,
});
const histograms = { name: 'h', type: 'histogram', temporality: 2, points: [point('1', { sum: 4 }), point('2', {})] } as const;
const ofRow = (lines: readonly string[], a: string) =>
  lines.filter((line) => line.includes(`a="${a}"`)).map((line) => line.replace(/\{.*\}/, ''));

for (const [timestamps, time] of [
  [false, ''],
  [true, ' 1795377313000'],
] as const) {
  test(`text${timestamps ? ' with timestamps' : ''}: a count, and no sum`, async (t) => {
    const rig = await startExporter(t, { send_timestamps: timestamps });
    rig.send({ metrics: [histograms] });
    const lines = (await rig.samples()).map((line) => line.replace(/le="[^"]*"/, ''));
    const buckets = [`h_bucket 1${time}`, `h_bucket 2${time}`, `h_bucket 3${time}`];
    assert.deepEqual(ofRow(lines, '1').toSorted(), [...buckets, `h_count 3${time}`, `h_sum 4${time}`]);
    assert.deepEqual(ofRow(lines, '2').toSorted(), [...buckets, `h_count 3${time}`]);
    assert.deepEqual(rig.warnings, []);
  });
}

// OpenMetrics 1.0, "Histogram": `_count` appears if and only if there is a sum.
test('OpenMetrics: neither count nor sum, which is told once', async (t) => {
  const rig = await startExporter(t, { enable_open_metrics: true });
  rig.send({ metrics: [histograms] });
  const [page] = [await rig.text(openMetrics), await rig.text(openMetrics)];
  assert.ok(parseExposition(page, 'openmetrics').ok);
  const lines = page.split('\n').filter((line) => /_(sum|count)\{/.test(line));
  assert.deepEqual([ofRow(lines, '1'), ofRow(lines, '2')], [['h_sum 4', 'h_count 3'], []]);
  assert.equal(rig.warnings.length, 1);
  assert.match(rig.warnings[0] ?? '', /^h: OpenMetrics shows none of its sums that are absent.* Send valid sums/);
});

test('protobuf: NaN, and exponential histograms without a sum are not there', async (t) => {
  const rig = await startExporter(t);
  const exponential = { name: 'e', type: 'exponentialHistogram', temporality: 2 } as const;
  rig.send({
    metrics: [histograms, { ...exponential, points: [{ time, count: 1, scale: 0, positive: { offset: 0, counts: [1] } }] }],
  });
  const response = await fetch(rig.url, { headers: { accept: protobuf } });
  const families = decodeFamilies(new Uint8Array(await response.arrayBuffer()));
  const shown = families.filter(({ name }) => name !== 'target_info');
  assert.deepEqual(
    shown.map(({ name, metric = [] }) => [name, metric.map(({ histogram }) => histogram?.sampleSum)]),
    [['h', [4, Number.NaN]]],
  );
  assert.equal(rig.state().notTaken.get('no_sum'), 1);
  assert.match(rig.warnings.join(), /^points of the exponential histogram e from .* have no sum/);
});
