/** The graph of the page is the configuration's, and its numbers are what was sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph } from '../../../../src/status/model/index.ts';
import { until } from '../../../until.ts';
import { otlp, requestOf, startWithPage, totals, withPage } from './page.ts';

const twoPipelines = withPage(
  `receivers: {otlp: ${otlp}, otlp/2: ${otlp}}
processors: {filter: {metrics: {exclude: {match_type: strict, metric_names: [dropped]}}}, resource: {attributes: [{key: a, value: b, action: insert}]}}
exporters: {nop: , prometheus: {endpoint: '127.0.0.1:0'}}`,
  '{metrics: {receivers: [otlp, otlp/2], processors: [filter, resource], exporters: [nop, prometheus]}, metrics/2: {receivers: [otlp], exporters: [prometheus]}}',
);

test('edges are wired as the pipelines are, and have the numbers that were sent', async (t) => {
  const page = await startWithPage(t, twoPipelines);
  for (const [metric, points, receiver] of [
    ['kept', 3, 0],
    ['dropped', 5, 0],
    ['kept', 7, 1],
  ] as const)
    assert.equal(await page.send(requestOf({ metric, points }), receiver), 200);
  const graph = await page.get('graph');
  assert.deepEqual(
    graph.nodes.map(({ key }) => key),
    [
      'receiver otlp',
      'receiver otlp/2',
      'processor resource (metrics)',
      'processor filter (metrics)',
      'exporter nop',
      'exporter prometheus',
      'extension zpages',
    ],
  );
  assert.deepEqual(totals(graph), {
    'receiver otlp > processor filter (metrics) (metrics)': 8,
    'receiver otlp > exporter prometheus (metrics/2)': 8,
    'receiver otlp/2 > processor filter (metrics) (metrics)': 7,
    'processor filter (metrics) > processor resource (metrics) (metrics)': 10,
    'processor resource (metrics) > exporter nop (metrics)': 10,
    'processor resource (metrics) > exporter prometheus (metrics)': 10,
  });
  const flows = graph.nodes.flatMap(({ key, received, sent }) =>
    [received ?? sent].flatMap((flow) => (flow ? [[key, flow.total]] : [])),
  );
  assert.deepEqual(Object.fromEntries(flows), {
    'receiver otlp': 8,
    'receiver otlp/2': 7,
    'exporter nop': 10,
    // Of both pipelines.
    'exporter prometheus': 18,
  });
});

test('a rate is known once two readings are, and is 0 for what got nothing', async (t) => {
  const page = await startWithPage(t, twoPipelines);
  const rateOf = async (edge: string) => (await page.get('tick')).edges[edge]?.now;
  assert.equal(await rateOf('receiver otlp > exporter prometheus (metrics/2)'), undefined);
  await page.send(requestOf({ points: 100 }));
  await until('known', async () => (await rateOf('receiver otlp > exporter prometheus (metrics/2)')) !== undefined);
  await page.send(requestOf({ points: 100 }));
  assert.ok(((await rateOf('receiver otlp > exporter prometheus (metrics/2)')) ?? 0) > 0);
  assert.equal(await rateOf('receiver otlp/2 > processor filter (metrics) (metrics)'), 0);
  const { edges } = await page.get('graph');
  for (const { rate, refusedRate } of edges) assert.deepEqual([rate.minutes.length, refusedRate.minutes.length], [15, 15]);
  assert.deepEqual(edges[0]?.rate.minutes.slice(0, 14), Array(14).fill(null));
});

test('a reload changes the graph, and says what it changed', async (t) => {
  const yaml = (bound: string, more = '') =>
    withPage(
      `receivers: {otlp: ${otlp}}\nexporters: {nop: , prometheus: {endpoint: '127.0.0.1:0', metric_expiration: ${bound}}}`,
      `{metrics: {receivers: [otlp], exporters: [prometheus${more}]}}`,
    );
  const page = await startWithPage(t, yaml('5m'));
  await page.send(requestOf({ points: 4 }));
  const before = await page.get('graph');
  assert.deepEqual(before.reloads, []);
  await page.changeTo(yaml('6m', ', nop'));
  await page.send(requestOf({ points: 5 }));
  const graph = await page.get('graph');
  const [{ at, ...reload } = { at: 0 }] = graph.reloads;
  assert.ok(at >= before.at);
  assert.deepEqual(reload, {
    outcome: 'done',
    lines: ['replaced: exporter prometheus', 'added: exporter nop', 'kept: 2 of 4'],
    added: ['exporter nop'],
    removed: [],
    replaced: ['exporter prometheus'],
  });
  assert.deepEqual(totals(graph), {
    'receiver otlp > exporter prometheus (metrics)': 9,
    'receiver otlp > exporter nop (metrics)': 5,
  });
  assert.ok((await page.get('tick')).graph > 0);
  await page.changeTo('receivers: {nothing: {}}');
  assert.equal((await page.get('graph')).reloads[0]?.outcome, 'wrong');
});

test('the page may come and go with a reload: edges count while it is there', async (t) => {
  const pipelines = '{metrics: {receivers: [otlp], exporters: [nop]}}';
  const page = withPage(`receivers: {otlp: ${otlp}}\nexporters: {nop: }`, pipelines);
  const without = page.replace(/^extensions: .*$/m, '').replace('extensions: [zpages], ', '');
  const started = await startWithPage(t, page);
  await started.send(requestOf({ points: 2 }));
  await started.changeTo(without);
  await assert.rejects(fetch(`${started.origin}/api/graph`));
  await started.send(requestOf({ points: 3 }));
  await started.changeTo(page);
  await started.send(requestOf({ points: 4 }));
  const origin = started
    .urls()
    .filter((one) => one.endsWith('/'))
    .at(-1)
    ?.slice(0, -1);
  assert.notEqual(origin, started.origin);
  const graph = (await (await fetch(`${origin}/api/graph`)).json()) as Graph;
  assert.deepEqual(totals(graph), { 'receiver otlp > exporter nop (metrics)': 6 });
});
