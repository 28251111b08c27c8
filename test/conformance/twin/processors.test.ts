/** The same processors in a real Collector and in the service: both print and show the same of the same traffic. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { send } from '../../service/receivers/otlp/http-client.ts';
import { until } from '../../until.ts';
import { filterMetrics, ownMetricsYaml } from './own-metrics.ts';
import { assertSame, linesOf } from './page.ts';
import { randomRequests } from './random.ts';
import {
  buckets,
  exemplar,
  exponential,
  exponentialHistogram,
  from,
  gauge,
  histogram,
  number,
  quantiles,
  type Request,
  sum,
  summary,
} from './requests.ts';
import { sendToBoth } from './send.ts';
import { askBoth, startTwin, type Twin } from './twin.ts';

const over = fileURLToPath(new URL('./processors.yaml', import.meta.url));
const last = from({ 'service.name': 'last' }, [gauge('kind.last', [number(1, 1n)])]);

const strings = [
  ...[
    '',
    'x',
    '12',
    '-3',
    '+5',
    ' 1',
    '1_000',
    '1.5',
    '-.5',
    '5.',
    '1e5',
    '1e999',
    '1__0',
    '_1',
    '1_',
    '1_0.5_0e1_0',
    '0x10',
    '0x1p-2',
    '-0x_1.8p1',
    '0xp1',
    '0x.8p0',
    '0x1.p+2',
    'inf',
    '-Infinity',
    'NaN',
    'ü😀',
  ],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', `${'0'.repeat(30)}7`],
];
const whole = [0n, 7n, -7n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n, 9_007_199_254_740_993n];
const doubles = [0, -0, 1.5, -1.9, 1e21, 1e-7, 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const others = [true, false, null, Uint8Array.of(1, 255), [1n, 'b', [true]], { y: 'n', a: [2.5, null] }];
const places = ['keep', 'u', 'p', 'd', 'delete', 'del2', 'also', 'h', 'hash', 'twice', 'to_int', 'to_double', 'to_string', 'e'];

/** Each value in each place that an action looks at. */
const values = [...strings, ...whole, ...doubles, ...others].map((value, at) => {
  const attributes = Object.fromEntries(places.map((place) => [place, value]));
  return from({ 'service.name': 'v' }, [gauge(`value.${at}`, [number(1, 1n, { attributes })])]);
});

const attributes = { k: 'v', long: 'x'.repeat(200) };
const kinds = from({ 'service.name': 'k' }, [
  gauge('kind.gauge', [number(1, 1n, { attributes }), number(1, 2.5)]),
  sum('kind.sum', [number(1, 1n, { attributes, start: 0, exemplars: [exemplar(1, 2n, { filteredAttributes: { k: 'v' } })] })], {
    unit: 's',
    description: 'd',
  }),
  histogram('kind.histogram', [buckets(1, [1, 2, 3], { attributes, start: 0, sum: 5 }), buckets(1, [0, 0, 1])]),
  exponentialHistogram('kind.exponential', [
    exponential(1, -2, [1, 0, 3], { attributes, start: 0, sum: 3 }),
    exponential(1, 0, [1]),
  ]),
  summary('kind.summary', [quantiles(1, 3, 4.5, [[0.5, 1]], { attributes, start: 0 })]),
  gauge('bare.gauge', [number(1, 1n, { attributes })]),
  sum('bare.sum', [number(1, 1n, { attributes }), number(2, 3n, { attributes: { other: 'x' } })]),
]);

const resources = [
  {},
  { 'service.name': 'r', host: 'h1.example.org', pid: 12n, secret: 'password', 'temp.a': 1n, temp: 'b', deployment: 'prod' },
  { env: 'there', pid: 1.5, host: 7n },
  { tier: 1.5, drop: true },
  { tier: 1e21, drop: 'truth' },
  { tier: '12', drop: 'truth' },
  { tier: '1x', drop: 'truth' },
  { tier: [1n, { a: 'b' }] },
  { tier: [1, { a: 'b' }] },
].map((one, at) => from(one, [gauge(`resource.${at}`, [number(1, 1n)])]));

const dropped = ['drop', 'drop.strict', 'drop.x', 'drop.xp', 'other', 'xkind.a'].map((name) => gauge(name, [number(1, 1n)]));
const drops: readonly Request[] = [
  from({ 'service.name': 'd' }, dropped),
  from({ 'service.name': 'd2' }, dropped.slice(0, 2)),
  { resourceMetrics: [...(from({}, dropped.slice(1, 2)).resourceMetrics ?? []), ...(kinds.resourceMetrics ?? [])] },
];

async function printed({ collector, service }: Twin, ends: (text: string) => boolean): Promise<readonly (readonly string[])[]> {
  // An empty line is the end of a batch, which may come in pieces.
  for (const side of [collector, service]) await until('printed', () => ends(side.stdout()) && side.stdout().endsWith('\n\n'));
  return [collector, service].map((side) => side.stdout().trimEnd().split('\n'));
}

function assertPrinted([collector = [], service = []]: readonly (readonly string[])[]): void {
  const at = collector.findIndex((line, index) => line !== service[index]);
  if (at !== -1)
    assert.deepEqual(
      service.slice(Math.max(0, at - 5), at + 20),
      collector.slice(Math.max(0, at - 5), at + 20),
      `line ${at + 1}`,
    );
  assert.equal(service.length, collector.length);
}

test('the Collector and the service change and drop alike', async (t) => {
  const twin = await startTwin(t, [over]);
  if (twin === undefined) return;
  await sendToBoth(twin, [...values, kinds, ...resources, ...drops, ...randomRequests(100, 3), last]);
  const both = await printed(twin, (text) => /Name: kind\.last[\s\S]*Value: 1\n/.test(text));
  for (const name of ['value.0', 'kind.sum', 'bare.sum', 'resource.1', 'resource.8', 'drop.x'])
    assert.ok(both[0]?.includes(`     -> Name: ${name}`), `the Collector does not print ${name}`);
  assertPrinted(both);
  for (const name of ['plain', 'bare'] as const) {
    const pages = await askBoth(twin, async (side) =>
      linesOf(await side.page(name, 'openmetrics'), 'openmetrics', (line) => /^(?:kind|bare|drop)_/.test(line))
        // Exemplars without ids are a difference of the list.
        .map((line) => line.replace(/ # \{k="v"\} .*$/, '')),
    );
    assert.ok(pages.collector.length > 0);
    assertSame(pages, name);
  }
});

test('the Collector and the service put batches together and split them alike', async (t) => {
  const debug = 'yaml:exporters::debug: {verbosity: detailed, use_internal_logger: false}';
  const sizes = 'yaml:processors::batch: {timeout: 1h, send_batch_size: 7, send_batch_max_size: 10}';
  const pipeline = 'yaml:service::pipelines::metrics: {processors: [batch], exporters: [debug]}';
  const twin = await startTwin(t, [debug, sizes, pipeline]);
  if (twin === undefined) return;
  const many = Array.from({ length: 20 }, (_, at) => number(1, BigInt(at), { attributes: { at: BigInt(at) } }));
  const large = from({ 'service.name': 'l' }, [gauge('large', many), sum('small', many.slice(0, 3))], {
    name: 's',
    version: '1',
  });
  // Fewer than seven points are held when the last ones come, so that these fill two batches to the 14th at least.
  await sendToBoth(twin, [kinds, large, kinds, large, ...randomRequests(60, 5), from({}, [gauge('kind.last', many)])]);
  assertPrinted(await printed(twin, (text) => /Name: kind\.last[\s\S]*Value: 13\n/.test(text)));
});

test('the Collector and the service refuse alike while memory is short', async (t) => {
  const limiter = 'yaml:processors::memory_limiter: {check_interval: 10ms, limit_mib: 1}';
  const pipeline = 'yaml:service::pipelines::metrics: {processors: [memory_limiter], exporters: [prometheus/plain]}';
  const twin = await startTwin(t, [limiter, pipeline]);
  if (twin === undefined) return;
  const answers = await askBoth(twin, async ({ http }) => {
    let answer: { readonly status: number; readonly body: Buffer } = { status: 0, body: Buffer.alloc(0) };
    const post = async () => {
      answer = await send(http, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(last) });
      return answer.status !== 200;
    };
    await until('refused', post);
    const { code, message } = JSON.parse(answer.body.toString());
    return { status: answer.status, code, message };
  });
  assert.equal(answers.collector.status, 503);
  assert.deepEqual(answers.service, answers.collector);
});

test('only the Collector counts what each processor takes and gives', async (t) => {
  const pipeline = 'yaml:service::pipelines::metrics: {processors: [memory_limiter, batch], exporters: [prometheus/bare]}';
  const twin = await startTwin(t, [
    'yaml:processors: {memory_limiter: {check_interval: 1s, limit_mib: 4000}, batch: {timeout: 10ms}}',
    pipeline,
    ownMetricsYaml,
  ]);
  if (twin === undefined) return;
  await sendToBoth(twin, [kinds]);
  for (const side of [twin.collector, twin.service])
    await until('shown', async () => (await side.page('bare', 'text')).includes('kind_sum'));
  const { collector, service } = await askBoth(twin, async (side) => {
    const names = (await side.page('plain', 'text')).match(/^otelcol_processor_\w+/gm);
    return [...new Set(names)].sort();
  });
  assert.ok(
    collector.includes('otelcol_processor_incoming_items') && collector.includes('otelcol_processor_outgoing_items'),
    `${collector}`,
  );
  assert.deepEqual(service, []);
});

test('the Collector and the service count alike what filters drop', async (t) => {
  const filters = `{
    filter: {metrics: {exclude: {match_type: regexp, metric_names: ['^drop']}}},
    filter/resources: {metrics: {include: {match_type: strict, resource_attributes: [{key: service.name}]}}},
    filter/idle: {metrics: {exclude: {match_type: strict, metric_names: [never]}}},
    filter/nothing: {},
    filter/empty: {metrics: {include: {match_type: strict}, exclude: {match_type: regexp}}}}`;
  const pipelines = `{
    metrics: {processors: [filter/nothing, filter/empty, filter/resources, filter, filter/idle], exporters: [prometheus/bare]},
    metrics/again: {receivers: [otlp], processors: [filter], exporters: [prometheus/bare]}}`;
  const twin = await startTwin(t, [`yaml:processors: ${filters}`, `yaml:service::pipelines: ${pipelines}`, ownMetricsYaml]);
  if (twin === undefined) return;
  /** What both count once these have been sent. */
  const counted = async (...requests: readonly Request[]) => {
    await sendToBoth(twin, requests);
    const both = await askBoth(twin, filterMetrics);
    assert.deepEqual(both.service, both.collector);
    return both.collector;
  };
  assert.deepEqual(await counted(), { kind: undefined, values: {} }, 'before a batch has come');
  const none = { 'filter=filter': 0, 'filter=filter/idle': 0, 'filter=filter/resources': 0 };
  assert.deepEqual(await counted(from({ 'service.name': 'f' }, [gauge('kept', [number(1, 1n)])])), {
    kind: 'counter',
    values: none,
  });
  const types = [
    gauge('drop.gauge', [
      number(1, 1n),
      number(1, 2n, { attributes }),
      number(1, undefined, { attributes: { k: 'w' }, flags: 1 }),
    ]),
    histogram('drop.histogram', [buckets(1, [1, 2, 3])]),
    exponentialHistogram('drop.exponential', [exponential(1, 0, [1])]),
    summary('drop.summary', [quantiles(1, 3, 4.5, [[0.5, 1]])]),
    { name: 'drop.empty' },
    gauge('kept', [number(2, 1n)]),
  ];
  // Six points of four types, in each of two pipelines.
  assert.deepEqual((await counted(from({ 'service.name': 'f' }, types))).values, { ...none, 'filter=filter': 12 });
  // A resource goes as a whole, and what one filter drops does not reach the next one.
  const nameless = from({}, [gauge('kept', [number(3, 1n)]), gauge('drop', [number(3, 1n), number(3, 2n, { attributes })])]);
  const after = { ...none, 'filter=filter': 14, 'filter=filter/resources': 3 };
  assert.deepEqual((await counted(nameless)).values, after);
  const sent = from({ 'service.name': 'f' }, [gauge('drop', [number(4, 1n)])]);
  assert.deepEqual((await counted(sent)).values, { ...after, 'filter=filter': 16 }, 'a batch of which nothing is left');
});
