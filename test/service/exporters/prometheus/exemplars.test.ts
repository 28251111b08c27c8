/**
 * Attributes of exemplars as labels: "filtered_attributes MUST be added as labels on the Prometheus exemplar unless they would
 * exceed the limit on characters" (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility"). Expected lines are
 * typed from OpenMetrics 1.0, "Exemplars".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from '../../../../src/formats/exposition/index.ts';
import { decodeFamilies } from '../../../formats/exposition/decode-families.ts';
import type { SentExemplar, SentMetric } from '../../received/sender.ts';
import { openMetrics, startExporter } from './rig.ts';

const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const second = 1_000_000_000n;
const time = 1_795_377_313n * second;
const [trace, span] = [new Uint8Array(16).fill(0xab), new Uint8Array(8).fill(0xcd)];
const ids = `trace_id="${'ab'.repeat(16)}",span_id="${'cd'.repeat(8)}"`;
const settings = { enable_open_metrics: true, without_scope_info: true };
const of = (attributes: SentExemplar['attributes'], over: Partial<SentExemplar> = {}): SentExemplar => ({
  time: time - second,
  double: 0.5,
  ...(attributes && { attributes }),
  ...over,
});
const counter = (name: string, ...exemplars: readonly SentExemplar[]): SentMetric => ({
  name,
  type: 'sum',
  temporality: 2,
  monotonic: true,
  points: [{ time, int: 3, exemplars }],
});
/** Lines that have one, without the series' labels. */
const behind = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const [series = '', exemplar] = line.split(' # ');
    return exemplar === undefined ? [] : [`${series.replace(/\{.*\}/, '')} # ${exemplar}`];
  });

test('ids first, then the others by name, as they are escaped', async (t) => {
  const rig = await startExporter(t, settings);
  rig.send({ metrics: [counter('c', of({ 'user.name': 'bob', code: 404, quoted: 'a"\\\n' }, { trace, span }))] });
  const page = await rig.text(openMetrics);
  assert.ok(parseExposition(page, 'openmetrics').ok);
  assert.deepEqual(behind(page.split('\n')), [
    `c_total 3 # {${ids},code="404",quoted="a\\"\\\\\\n",user_name="bob"} 0.5 1795377312`,
  ]);
  assert.ok(!(await rig.text()).includes(' # {'));
});

test('without ids, on buckets', async (t) => {
  const rig = await startExporter(t, settings);
  const points = [
    { time, count: 2, sum: 2, bounds: [1], counts: [1, 1], exemplars: [of({ a: '1' }), of(undefined, { double: 5, span })] },
  ];
  rig.send({ metrics: [{ name: 'h', type: 'histogram', temporality: 2, points }] });
  assert.deepEqual(behind(await rig.samples(openMetrics)).toSorted(), [
    'h_bucket 1 # {a="1"} 0.5 1795377312',
    `h_bucket 2 # {span_id="${'cd'.repeat(8)}"} 5 1795377312`,
  ]);
});

// 63 of the 128 code points are the ids'.
for (const [what, attributes, shown, omitted] of [
  ['as many as there may be', { a: 'x'.repeat(64) }, `,a="${'x'.repeat(64)}"`, 0],
  ['one character too many', { a: 'x'.repeat(65) }, '', 1],
  ['code points, not bytes or units', { a: '\u{1f600}'.repeat(64) }, `,a="${'\u{1f600}'.repeat(64)}"`, 0],
  ['what is shorter behind it', { a: 'x'.repeat(65), b: 'y' }, ',b="y"', 1],
] as const) {
  test(`128 code points: ${what}`, async (t) => {
    const rig = await startExporter(t, settings);
    for (let times = 0; times < 2; times++) rig.send({ metrics: [counter('c', of(attributes, { trace, span }))] });
    assert.deepEqual(behind(await rig.samples(openMetrics)), [`c_total 3 # {${ids}${shown}} 0.5 1795377312`]);
    assert.equal(rig.state().exemplarLabels, omitted);
  });
}

test('two attributes that become one label are joined, as those of series are', async (t) => {
  const rig = await startExporter(t, settings);
  rig.send({ metrics: [counter('c', of({ a_b: '2', 'a.b': '1' }))] });
  assert.deepEqual(behind(await rig.samples(openMetrics)), ['c_total 3 # {a_b="1;2"} 0.5 1795377312']);
});

test('names in UTF-8 are quoted, or escaped, for whoever asks for it', async (t) => {
  const rig = await startExporter(t, { ...settings, translation_strategy: 'NoTranslation' });
  rig.send({ metrics: [counter('c_total', of({ 'a.b': '1' }))] });
  const shown = async (escaping: string) => behind(await rig.samples(`${openMetrics};escaping=${escaping}`));
  assert.deepEqual(await shown('allow-utf-8'), ['c_total 3 # {"a.b"="1"} 0.5 1795377312']);
  assert.deepEqual(await shown('underscores'), ['c_total 3 # {a_b="1"} 0.5 1795377312']);
  assert.deepEqual(await shown('values'), ['c_total 3 # {U__a_2e_b="1"} 0.5 1795377312']);
});

test('protobuf', async (t) => {
  const rig = await startExporter(t, settings);
  const long = '\u{1f600}'.repeat(63);
  const native: SentMetric = {
    name: 'e',
    type: 'exponentialHistogram',
    temporality: 2,
    points: [
      { time, count: 1, sum: 1, scale: 0, positive: { offset: 0, counts: [1] }, exemplars: [of({ k: long }, { double: 1.5 })] },
    ],
  };
  rig.send({ metrics: [counter('c', of({ 'user.name': long }, { trace })), native] });
  const families = decodeFamilies(new Uint8Array(await (await rig.get(protobuf)).arrayBuffer()));
  const labelsOf = (label: readonly { name?: string; value?: string }[] | undefined) =>
    label?.map(({ name, value }) => [name, value]);
  const metricOf = (name: string) => families.find((family) => family.name === name)?.metric?.[0];
  assert.deepEqual(labelsOf(metricOf('c_total')?.counter?.exemplar?.label), [
    ['trace_id', 'ab'.repeat(16)],
    ['user_name', long],
  ]);
  assert.deepEqual(
    metricOf('e')?.histogram?.exemplars?.map(({ label }) => labelsOf(label)),
    [[['k', long]]],
  );
});

test('a page is measured with them', async (t) => {
  const attributes = { text: '"'.repeat(120) };
  const rig = await startExporter(t, settings, { maxPageBytes: 4_000 });
  for (const name of ['one', 'two', 'three']) {
    const metrics = Array.from({ length: 5 }, (_, index) => counter(`${name}.${index}`, of(attributes)));
    rig.send({ attributes: { 'service.name': name }, metrics });
  }
  const page = await rig.text(openMetrics);
  assert.ok(Buffer.byteLength(page) <= 4_000);
  assert.ok(parseExposition(page, 'openmetrics').ok);
});
