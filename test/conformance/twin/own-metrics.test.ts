/** The own metrics of exporters with a queue, in a real Collector and in the service, after the same traffic. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startReceiver } from '../../collector/exporters/otlp-http/receiver.ts';
import { send } from '../../collector/receivers/otlp/http-client.ts';
import { until } from '../../until.ts';
import { from, number, sum } from './requests.ts';
import { askBoth, type Side, startTwin } from './twin.ts';

const sent = 'otelcol_exporter_sent_metric_points';
const failed = 'otelcol_exporter_send_failed_metric_points';
const enqueueFailed = 'otelcol_exporter_enqueue_failed_metric_points';
const size = 'otelcol_exporter_queue_size';
const capacity = 'otelcol_exporter_queue_capacity';
const names: readonly string[] = [sent, failed, enqueueFailed, size, capacity];

/** What the receiver answers to each exporter: 400 is final, and 503 is tried again for ever. */
const statuses = { taken: 200, refused: 400, full: 503 } as const;
const exporters = Object.keys(statuses) as (keyof typeof statuses)[];
const requests = 8;
const pointsOfEach = 2;
/** In points: five requests. The sixth is the first that does not fit; deltas are never compacted. */
const room = { taken: 1_000, refused: 1_000, full: 10 } as const;

/** No exporter `prometheus` runs here, so the port of one is free. */
const telemetry = [
  'level: normal',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: both programs read this reference
  'readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: "${env:BRIEF_PORT}", without_scope_info: true, without_type_suffix: true, without_units: true}}}}]',
].map((key) => `yaml:service::telemetry::metrics::${key}`);

/** Of the Collector alone: where its HTTP client sends to. */
const clientLabels: readonly string[] = ['server_address', 'server_port', 'url_path'];

interface Shown {
  readonly types: Readonly<Record<string, string>>;
  /** By name and labels, without those of the client. */
  readonly values: Readonly<Record<string, number>>;
  /** Those of the client, by name. */
  readonly client: Readonly<Record<string, string>>;
}

async function shownOf(side: Side): Promise<Shown> {
  const types: Record<string, string> = {};
  const values: Record<string, number> = {};
  const client: Record<string, string> = {};
  for (const line of (await side.page('brief', 'text')).split('\n')) {
    const [, named = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (names.includes(named)) types[named] = type;
    const [, name = '', labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (!names.includes(name)) continue;
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text] as const);
    const own = pairs.filter(([label]) => !clientLabels.includes(label)).sort(([a], [b]) => (a < b ? -1 : 1));
    values[`${name} ${own.map((pair) => pair.join('=')).join(' ')}`] = Number(value);
    const others = pairs.map(([label]) => label).filter((label) => clientLabels.includes(label));
    if (others.length > 0) client[name] = others.sort().join(' ');
  }
  return { types, values, client };
}

const seriesOf = (name: string, exporter: string) =>
  `${name} ${name === size || name === capacity ? 'data_type=metrics ' : ''}exporter=otlp_http/${exporter}`;

/** What follows from the traffic alone. */
const expected: Readonly<Record<string, number>> = Object.fromEntries([
  ...exporters.map((exporter) => [seriesOf(capacity, exporter), room[exporter]]),
  [seriesOf(size, 'taken'), 0],
  [seriesOf(size, 'refused'), 0],
  [seriesOf(size, 'full'), room.full],
  [seriesOf(sent, 'taken'), requests * pointsOfEach],
  [seriesOf(failed, 'refused'), requests * pointsOfEach],
  [seriesOf(enqueueFailed, 'full'), requests * pointsOfEach - room.full],
]);

test('names, types, labels and values are the same for points that are sent, refused behind the exporter, and too many for its queue', async (t) => {
  const receiver = await startReceiver(t);
  receiver.answer = ({ path }) => ({ status: statuses[path.slice(1) as keyof typeof statuses] });
  const settings = exporters.flatMap((name) =>
    [
      `metrics_endpoint: ${receiver.origin}/${name}`,
      'retry_on_failure::max_elapsed_time: 0s',
      `sending_queue: {queue_size: ${room[name]}, sizer: items, num_consumers: 1}`,
    ].map((key) => `yaml:exporters::otlp_http/${name}::${key}`),
  );
  const ids = exporters.map((name) => `otlp_http/${name}`);
  const twin = await startTwin(t, [...settings, `yaml:service::pipelines::metrics::exporters: [${ids}]`, ...telemetry]);
  if (twin === undefined) return;

  const answers = await askBoth(twin, async ({ http }) => {
    const seen: number[] = [];
    for (let at = 1; at <= requests; at++) {
      const points = Array.from({ length: pointsOfEach }, (_, s) => number(at, 1n, { start: at - 1, attributes: { s: String(s) } }));
      const body = JSON.stringify(from({ 'service.name': 'x' }, [sum('s', points, { temporality: 'delta' })]));
      seen.push((await send(http, { headers: { 'content-type': 'application/json' }, body })).status);
    }
    return seen;
  });
  for (const statuses of Object.values(answers)) assert.deepEqual(statuses, [200, 200, 200, 200, 200, 503, 503, 503]);

  const last = [seriesOf(sent, 'taken'), seriesOf(failed, 'refused')];
  await until('both have counted', async () => {
    const { collector, service } = await askBoth(twin, shownOf);
    return [collector, service].every(({ values }) =>
      [...last, seriesOf(size, 'taken'), seriesOf(size, 'refused')].every((one) => values[one] === expected[one]),
    );
  });
  const { collector, service } = await askBoth(twin, shownOf);
  assert.deepEqual(service.types, collector.types);
  assert.deepEqual(Object.keys(service.types).sort(), [...names].sort());
  for (const [series, value] of Object.entries(expected))
    assert.deepEqual([collector.values[series], service.values[series]], [value, value], series);

  // The Collector shows a counter once it has counted; here it begins at 0.
  const others = (values: Shown['values']) => Object.keys(values).filter((one) => expected[one] === undefined);
  for (const { values } of [collector, service]) for (const one of others(values)) assert.equal(values[one], 0, one);
  for (const one of others(collector.values)) assert.ok(service.values[one] === 0, one);
  assert.equal(Object.keys(service.values).length, names.length * exporters.length);
  assert.deepEqual(collector.client, { [sent]: clientLabels.join(' '), [failed]: clientLabels.join(' ') });
  assert.deepEqual(service.client, {});
});
