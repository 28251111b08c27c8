/**
 * The two strategies that keep names as UTF-8. Expected values: what the Collector v0.159 shows of the same requests, where no
 * other source is named.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentMetric, SentResource } from '../../received/sender.ts';
import { openMetrics, startExporter } from './rig.ts';

const time = 1_795_377_313_000n * 1_000_000n;
const utf8 = 'text/plain;escaping=allow-utf-8';

function from(...metrics: readonly SentMetric[]): SentResource {
  return { attributes: { 'service.name': 'svc', 'service.instance.id': 'i1', 'host.name': 'h' }, metrics };
}

function gauge(name: string, value: number, attributes: Readonly<Record<string, string>> = {}): SentMetric {
  return { name, type: 'gauge', points: [{ double: value, time, attributes }] };
}

function counter(name: string, value: number, over: Partial<SentMetric> = {}): SentMetric {
  return {
    name,
    type: 'sum',
    temporality: 2,
    monotonic: true,
    points: [{ int: value, time, attributes: { 'http.route': '/x' } }],
    ...over,
  };
}

const settings = {
  translation_strategy: 'NoUTF8EscapingWithSuffixes',
  without_scope_info: true,
  enable_open_metrics: true,
} as const;

test('a scraper gets the names in the form that it asks for', async (context) => {
  const rig = await startExporter(context, settings);
  rig.send(from(counter('http.server.requests', 7, { unit: 'By' })));
  const page = async (escaping: string) => (await rig.samples(`text/plain;escaping=${escaping}`)).join('\n');
  assert.equal(
    await page('allow-utf-8'),
    'target_info{"host.name"="h",instance="i1",job="svc"} 1\n{"http.server.requests_bytes_total","http.route"="/x",instance="i1",job="svc"} 7',
  );
  assert.equal(
    await page('underscores'),
    'http_server_requests_bytes_total{http_route="/x",instance="i1",job="svc"} 7\ntarget_info{host_name="h",instance="i1",job="svc"} 1',
  );
  assert.equal(
    await page('dots'),
    'http_dot_server_dot_requests__bytes__total{http_dot_route="/x",instance="i1",job="svc"} 7\ntarget_info{host_dot_name="h",instance="i1",job="svc"} 1',
  );
  assert.equal(
    await page('values'),
    'U__http_2e_server_2e_requests__bytes__total{U__http_2e_route="/x",instance="i1",job="svc"} 7\ntarget_info{U__host_2e_name="h",instance="i1",job="svc"} 1',
  );
  assert.equal((await rig.get()).headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
  const { headers } = await rig.get(`${openMetrics};escaping=allow-utf-8`);
  assert.equal(headers.get('content-type'), 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8');
});

test('NoTranslation leaves names alone: a counter without _total is unknown in OpenMetrics', async (context) => {
  const rig = await startExporter(context, {
    ...settings,
    translation_strategy: 'NoTranslation',
    namespace: 'a.b',
    const_labels: new Map([['cell.id', 'c1']]),
  });
  rig.send(from(counter('sub.total', 5, { unit: 'By' })));
  const lines = (await rig.text(`${openMetrics};escaping=allow-utf-8`)).split('\n');
  assert.ok(lines.includes('# TYPE "a.b_sub.total" unknown'), lines.join('\n'));
  assert.ok(lines.includes('{"a.b_sub.total","cell.id"="c1","http.route"="/x",instance="i1",job="svc"} 5'));
  assert.ok(lines.includes('{"a.b_target_info","host.name"="h",instance="i1",job="svc"} 1'));
});

test('the default strategy takes no notice of the escaping, and names none', async (context) => {
  const rig = await startExporter(context, { without_scope_info: true });
  rig.send(from(gauge('a.b', 1)));
  const answer = await rig.get(utf8);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(await answer.text(), /^a_b\{/m);
});

/** Prometheus' rule for names ("Metric names and labels"): labels that begin with __ are reserved. */
test('no sender can write under another metric’s name, or end the page', async (context) => {
  const rig = await startExporter(context, settings);
  rig.send(from(gauge('a', 1, { __name__: 'x' }), gauge('b', 2, { '._name__': 'x' }), gauge('c\0"} 1\nd', 3, { 'k\0\n"': 'x' })));
  assert.deepEqual(await rig.samples(utf8), [
    'a{_name__="x",instance="i1",job="svc"} 1',
    'b{"._name__"="x",instance="i1",job="svc"} 2',
    'target_info{"host.name"="h",instance="i1",job="svc"} 1',
    '{"c\ufffd\\"} 1\\nd",instance="i1",job="svc","k\ufffd\\n\\""="x"} 3',
  ]);
  assert.deepEqual(await rig.samples(), [
    'a{_name__="x",instance="i1",job="svc"} 1',
    'b{_name__="x",instance="i1",job="svc"} 2',
    'c____1_d{instance="i1",job="svc",k___="x"} 3',
    'target_info{host_name="h",instance="i1",job="svc"} 1',
  ]);
});

test('names that meet once they are escaped are one metric, told once and counted where something is lost', async (context) => {
  const rig = await startExporter(context, settings);
  rig.send(from(gauge('a.b', 1, { k: '1' }), gauge('a_b', 2, { k: '2' })));
  assert.deepEqual((await rig.samples()).slice(0, 2), [
    'a_b{instance="i1",job="svc",k="1"} 1',
    'a_b{instance="i1",job="svc",k="2"} 2',
  ]);
  assert.deepEqual([rig.warnings, rig.state().conflicts], [[], 0]);

  rig.send(from(gauge('a_b', 3, { k: '1' }), counter('a.b', 4, { unit: '', name: 'x.y' }), gauge('x_y_total', 5)));
  for (let scrapes = 0; scrapes < 2; scrapes++)
    assert.deepEqual((await rig.samples()).slice(0, 2), [
      'a_b{instance="i1",job="svc",k="1"} 1',
      'a_b{instance="i1",job="svc",k="2"} 2',
    ]);
  assert.deepEqual(await rig.samples(), [
    'a_b{instance="i1",job="svc",k="1"} 1',
    'a_b{instance="i1",job="svc",k="2"} 2',
    'target_info{host_name="h",instance="i1",job="svc"} 1',
    'x_y_total{http_route="/x",instance="i1",job="svc"} 4',
  ]);
  assert.equal(rig.warnings.length, 2);
  assert.match(rig.warnings[0] ?? '', /series of a_b are not shown.*escaping=underscores.*same labels/);
  assert.match(rig.warnings[1] ?? '', /x_y_total.*escaping=underscores.*another type/);
  assert.equal(rig.state().conflicts, 2);
  assert.equal((await rig.samples(utf8)).length, 6);
  assert.equal(rig.state().conflicts, 2);
});

test('two types under one UTF-8 name: the first, and a name that cannot end a log line', async (context) => {
  const rig = await startExporter(context, settings);
  rig.send(from(gauge('a\nb', 1), { name: 'a\nb', type: 'summary', points: [{ count: 1, sum: 1, time }] }));
  assert.deepEqual(rig.warnings, [
    'the summary "a\\nb" from job "svc", instance "i1" is not shown: "a\\nb" is a gauge already, from job "svc", instance "i1". Rename one of the two metrics',
  ]);
  assert.equal(rig.state().notTaken.get('type_conflict'), 1);
});

/** Prometheus stores one sample a series and scrape, so what it would take for one series is one on the page. */
test('series of a metric that meet once they are escaped add up, gauges show the newest, and UTF-8 keeps both', async (context) => {
  const rig = await startExporter(context, settings);
  const point = (name: string, int: number, at = 0n) => ({ int, time: time + at, start: time, attributes: { [name]: '1' } });
  const requests = (one: number, other: number, at?: bigint) =>
    counter('requests', 0, { points: [point('a.b', one, at), point('a_b', other, at)] });
  const load = (one: number, other: number, at?: bigint) => ({
    ...gauge('load', 0),
    points: [point('a.b', one, at), point('a_b', other, at)],
  });
  rig.send(from(requests(1, 10), load(1, 10)));
  const pages = ['text/plain;escaping=underscores', 'text/plain', `${openMetrics};escaping=underscores`];
  const shown = async (accept: string) => (await rig.samples(accept)).filter((line) => !line.includes('target_info'));
  for (const accept of pages)
    assert.deepEqual(await shown(accept), [
      'load{a_b="1",instance="i1",job="svc"} 10',
      'requests_total{a_b="1",instance="i1",job="svc"} 11',
    ]);
  rig.send(from(requests(2, 10, 1_000_000_000n), load(2, 10, 1_000_000_000n)));
  for (const accept of pages)
    assert.deepEqual(await shown(accept), [
      'load{a_b="1",instance="i1",job="svc"} 2',
      'requests_total{a_b="1",instance="i1",job="svc"} 12',
    ]);
  assert.deepEqual(await shown(utf8), [
    'load{"a.b"="1",instance="i1",job="svc"} 2',
    'load{a_b="1",instance="i1",job="svc"} 10',
    'requests_total{"a.b"="1",instance="i1",job="svc"} 2',
    'requests_total{a_b="1",instance="i1",job="svc"} 10',
  ]);
  const fix = 'Rename all but one, or drop them in the sender';
  assert.deepEqual(rig.warnings, [
    `"requests_total": the attributes "a.b" and "a_b" make one series of two on a page that escapes names; their values add up there. ${fix}`,
    `"load": the attributes "a.b" and "a_b" make one series of two on a page that escapes names; the newest is shown there. ${fix}`,
  ]);
  assert.equal(rig.state().conflicts, 2);
});
