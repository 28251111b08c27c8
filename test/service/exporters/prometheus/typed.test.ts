/** Infos and statesets, as a Collector's receiver `prometheus` sends them. Expected lines are typed from OpenMetrics 1.0. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from '../../../../src/formats/exposition/index.ts';
import { decodeFamilies } from '../../../formats/exposition/decode-families.ts';
import type { SentMetric, SentPoint } from '../../received/sender.ts';
import { openMetrics, startExporter } from './rig.ts';

const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const time = 1_795_377_313_000n * 1_000_000n;
const fallingSum = (name: string, type: string, ...points: readonly SentPoint[]): SentMetric => ({
  name,
  type: 'sum',
  temporality: 2,
  metadata: { 'prometheus.type': type },
  points: points.map((point) => ({ time, ...point })),
});
const state = (zone: string, value: string, double: number): SentPoint => ({ attributes: { door: value, zone }, double });
const sent = [
  fallingSum('build', 'info', { attributes: { version: '1' }, double: 1 }),
  // Each set's states apart, as they come where one is sent on its own.
  fallingSum('door', 'stateset', state('a', 'open', 1), state('b', 'open', 0), state('a', 'shut', 0), state('b', 'shut', 1)),
];
const settings = { enable_open_metrics: true, without_scope_info: true };
const withoutTarget = (text: string) => text.replace(/# HELP target_info .*\n# TYPE target_info gauge\n/, '');

test('OpenMetrics has their types, and the states of a set together', async (t) => {
  const rig = await startExporter(t, settings);
  rig.send({ attributes: { 'service.name': 's' }, metrics: sent });
  const page = await rig.text(openMetrics);
  assert.ok(parseExposition(page, 'openmetrics').ok);
  assert.equal(
    withoutTarget(page),
    `# TYPE build info
build_info{job="s",version="1"} 1
# TYPE door stateset
door{door="open",job="s",zone="a"} 1
door{door="shut",job="s",zone="a"} 0
door{door="open",job="s",zone="b"} 0
door{door="shut",job="s",zone="b"} 1
# EOF
`,
  );
  assert.deepEqual(rig.warnings, []);
});

test('text and protobuf have gauges', async (t) => {
  const rig = await startExporter(t, settings);
  rig.send({ metrics: sent });
  const text = await rig.text();
  assert.match(text, /^# TYPE build_info gauge$/m);
  assert.match(text, /^# TYPE door gauge$/m);
  const families = decodeFamilies(new Uint8Array(await (await rig.get(protobuf)).arrayBuffer()));
  const types = families.map(({ name, type, metric = [] }) => [name, type, metric.length]);
  assert.deepEqual(
    types.filter(([name]) => name !== 'target_info'),
    [
      ['build_info', 'GAUGE', 1],
      ['door', 'GAUGE', 4],
    ],
  );
});

test('what is no info and no state is not in OpenMetrics, which is told once, and is in text', async (t) => {
  const rig = await startExporter(t, settings);
  rig.send({
    metrics: [
      fallingSum('build', 'info', { attributes: { version: '1' }, double: 2 }, { attributes: { version: '2' }, double: 1 }),
      fallingSum('door', 'stateset', state('a', 'open', 0.5), { attributes: { zone: 'b' }, double: 1 }, state('a', 'shut', 1)),
    ],
  });
  const names = (lines: readonly string[]) => lines.map((line) => line.replace(/\{.*\}/, ''));
  for (let scrape = 0; scrape < 2; scrape++) {
    assert.deepEqual(names(await rig.samples(openMetrics)), ['build_info 1', 'door 1']);
  }
  assert.ok(parseExposition(await rig.text(openMetrics), 'openmetrics').ok);
  assert.deepEqual(names(await rig.samples()).toSorted(), ['build_info 1', 'build_info 2', 'door 0.5', 'door 1', 'door 1']);
  assert.equal(rig.warnings.length, 2);
  assert.match(rig.warnings[0] ?? '', /^build_info: OpenMetrics shows none of its series whose value is not 1/);
});

test('with send_timestamps a stateset is a gauge: times of a set must not fall', async (t) => {
  const rig = await startExporter(t, { ...settings, send_timestamps: true });
  rig.send({ metrics: sent });
  assert.match(await rig.text(openMetrics), /^# TYPE door gauge$/m);
});
