/**
 * What operators asked of the Collector's exporter, each under its number in open-telemetry/opentelemetry-collector-contrib (or
 * opentelemetry-collector).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../until.ts';
import type { SentMetric, SentResource } from '../../received/sender.ts';
import { startExporter } from './rig.ts';

const time = 1_795_377_313_000n * 1_000_000n;

function gauge(name: string, value: number, attributes: Readonly<Record<string, string>> = {}, at = time): SentMetric {
  return { name, type: 'gauge', points: [{ double: value, time: at, attributes }] };
}

function from(attributes: Readonly<Record<string, string>>, ...metrics: readonly SentMetric[]): SentResource {
  return { attributes, metrics };
}

test('#41123, #46423: series expire where nobody scrapes', async (context) => {
  const rig = await startExporter(context, { metric_expiration: 60_000 });
  rig.send(from({ 'service.name': 'a' }, ...Array.from({ length: 100 }, (_, at) => gauge(`m${at}`, 1))));
  assert.deepEqual([rig.state().series, rig.state().families], [100, 100]);
  rig.pass(61_000);
  await until('expired', () => rig.state().series === 0);
  assert.deepEqual([rig.state().series, rig.state().families, rig.state().expired], [0, 0, 100]);
});

test('#33540, #34938: a limit on series, told to the operator and to the sender', async (context) => {
  const rig = await startExporter(context, { without_scope_info: true }, { maxSeries: 2 });
  const points = ['a', 'b', 'c', 'd'].map((k) => ({ double: 1, time, attributes: { k } }));
  const notTaken = rig.send(from({ 'service.name': 'a' }, { name: 'x', type: 'gauge', points }));
  assert.equal(notTaken?.points, 2);
  assert.match(notTaken?.why ?? '', /as many series/);
  assert.equal(rig.warnings.length, 1);
  assert.match(rig.warnings[0] ?? '', /2 series.*x.*job "a".*--max-series/);
  assert.deepEqual(await rig.samples(), ['x{job="a",k="a"} 1', 'x{job="a",k="b"} 1']);
  assert.equal(rig.state().notTaken.get('series_limit'), 2);
});

test('#4986, collector#2216: two resources that become one series do not overwrite each other in silence', async (context) => {
  const rig = await startExporter(context, { without_scope_info: true });
  const one = { 'service.name': 'a', 'host.name': 'h1' };
  const other = { 'service.name': 'a', 'host.name': 'h2' };
  rig.send(from(one, gauge('x', 1)));
  rig.send(from(other, gauge('x', 2, {}, time + 1n)));
  rig.send(from(one, gauge('x', 3, {}, time + 2n)));
  assert.deepEqual(await rig.samples(), ['x{job="a"} 3']);
  assert.equal(rig.warnings.length, 1);
  assert.match(
    rig.warnings[0] ?? '',
    /two resources send x .*job "a" \("host\.name": "h\d"\), and job "a" \("host\.name": "h\d"\).*service\.instance\.id/,
  );
  assert.ok(rig.state().conflicts > 0);
  const apart = await startExporter(context, {
    without_scope_info: true,
    resource_to_telemetry_conversion: { enabled: true, exclude_service_attributes: true },
  });
  apart.send(from(one, gauge('x', 1)), from(other, gauge('x', 2)));
  assert.deepEqual(await apart.samples(), ['x{host_name="h1",job="a"} 1', 'x{host_name="h2",job="a"} 2']);
  assert.deepEqual(apart.warnings, []);
});

test('#33310: a scrape never fails as a whole because series collide', async (context) => {
  const rig = await startExporter(context, { without_scope_info: true });
  rig.send(
    from(
      { 'service.name': 'a' },
      gauge('x', 1, { 'a.b': '1' }),
      gauge('x', 2, { a_b: '1' }),
      gauge('y_count', 1),
      gauge('ok', 1),
    ),
    from(
      { 'service.name': 'b' },
      { name: 'y', type: 'histogram', temporality: 2, points: [{ count: 1, sum: 1, time, attributes: { le: '1' } }] },
      { name: 'x', type: 'summary', points: [{ count: 1, sum: 1, time }] },
    ),
  );
  assert.equal((await rig.get()).status, 200);
  const samples = await rig.samples();
  assert.equal(new Set(samples.map((line) => line.replace(/ \S+$/, ''))).size, samples.length);
  assert.ok(samples.includes('ok{job="a"} 1'));
  assert.ok(samples.includes('y_count{job="a"} 1'));
  assert.equal(samples.filter((line) => line.startsWith('x{')).length, 1);
  assert.deepEqual([rig.state().notTaken.get('name_conflict'), rig.state().notTaken.get('type_conflict')], [1, 1]);
});

test('#10374, #14900: resource attributes as labels, no name twice', async (context) => {
  const rig = await startExporter(context, {
    resource_to_telemetry_conversion: { enabled: true, exclude_service_attributes: false },
  });
  const resource = { 'service.name': 'a', job: 'j', 'host.name': 'h', le: '9' };
  const points = [
    { count: 1, sum: 1, bounds: [1], counts: [1, 0], time, attributes: { host_name: 'p', service_name: 'q', le: '2' } },
  ];
  rig.send(from(resource, { name: 'x', type: 'histogram', temporality: 2, points }));
  const lines = await rig.samples();
  assert.equal(lines.length, 4);
  for (const line of lines) {
    const names = [...line.matchAll(/(\w+)="/g)].map(([, name]) => name);
    assert.equal(new Set(names).size, names.length, line);
    assert.match(line, /host_name="h;p"/);
    assert.match(line, /exported_job="j"/);
  }
});
