/**
 * Attributes that become one label: "the values MUST be concatenated together, separated by `;`" (specification, "Metric
 * Attributes"). Prometheus' OTLP receiver warns of it and counts it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics, startExporter } from './rig.ts';

test('attributes that are one label are told once, with their names and the fix, and counted', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true });
  const send = (time: number, ...sets: Readonly<Record<string, string>>[]) => {
    const points = sets.map((attributes) => ({ time, double: 1, attributes }));
    return rig.send({ attributes: { 'service.name': 'shop' }, metrics: [{ name: 'g', type: 'gauge', points }] });
  };
  for (const time of [1, 2])
    assert.equal(
      send(time, { 'a.b': '1', 'a-b': '3' }, { 'a-b': '4', 'a.b': '2' }, { 'a.b': '5' }, { a_b: '6', 'a.b': '7', 'a-b': '8' }),
      undefined,
    );
  assert.deepEqual(await rig.samples(), [
    'g{a_b="3;1",job="shop"} 1',
    'g{a_b="4;2",job="shop"} 1',
    'g{a_b="5",job="shop"} 1',
    'g{a_b="8;7;6",job="shop"} 1',
  ]);
  const fix = 'which has their values joined with ";". Rename all but one, or drop them in the sender';
  assert.deepEqual(rig.warnings, [
    `the attributes "a-b", "a.b" become one label, "a_b", ${fix}`,
    `the attributes "a-b", "a.b", "a_b" become one label, "a_b", ${fix}`,
  ]);
  assert.equal(rig.state().conflicts, 2);
});

test('where names stay as they are, nothing is joined', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true, translation_strategy: 'NoTranslation' });
  rig.send({ metrics: [{ name: 'g', type: 'gauge', points: [{ time: 1, double: 1, attributes: { 'a.b': '1', 'a-b': '3' } }] }] });
  assert.deepEqual([rig.warnings, rig.state().conflicts], [[], 0]);
});

test('sets beyond those that are known are only counted', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true });
  const points = Array.from({ length: 1_002 }, (_, at) => ({
    time: 1,
    double: 1,
    attributes: { [`a.${at}`]: '1', [`a-${at}`]: '3' },
  }));
  rig.send({ metrics: [{ name: 'g', type: 'gauge', points }] });
  assert.deepEqual([rig.warnings.length, rig.state().conflicts], [1_000, 1_002]);
});

test('of names in UTF-8, those that one escaping joins are told where a scraper requests it', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true, translation_strategy: 'NoTranslation' });
  rig.send({ metrics: [{ name: 'g', type: 'gauge', points: [{ time: 1, double: 1, attributes: { 'a.b': '1', 'a-b': '3' } }] }] });
  assert.deepEqual(await rig.samples('text/plain;version=1.0.0;escaping=allow-utf-8'), ['g{"a-b"="3","a.b"="1"} 1']);
  assert.deepEqual(rig.warnings, []);
  for (const accept of ['text/plain', openMetrics]) assert.deepEqual(await rig.samples(accept), ['g{a_b="3;1"} 1'], accept);
  assert.deepEqual(rig.warnings, [
    'the attributes "a-b", "a.b" become one label, "a_b", which has their values joined with ";". Rename all but one, or drop them in the sender',
  ]);
  assert.equal(rig.state().conflicts, 1);
});

test('attributes of a resource that target_info joins', async (t) => {
  const rig = await startExporter(t, { without_scope_info: true });
  const attributes = { 'service.name': 'shop', 'service.instance.id': 'one', 'a.b': '1', a_b: '3' };
  rig.send({ attributes, metrics: [{ name: 'g', type: 'gauge', points: [{ time: 1, double: 1 }] }] });
  assert.match(await rig.text(), /^target_info\{a_b="1;3",instance="one",job="shop"\} 1$/m);
  assert.deepEqual(rig.warnings, [
    'the attributes "a.b", "a_b" become one label, "a_b", which has their values joined with ";". Rename all but one, or drop them in the sender',
  ]);
  assert.equal(rig.state().conflicts, 1);
});
