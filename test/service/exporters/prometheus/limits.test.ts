/** The limits of `serve` on what an exporter holds, with the lines that say how to raise them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gauge } from '../../received/sent.ts';
import { startExporter } from './rig.ts';

const of = (name: string, ...ks: readonly string[]) => ({
  attributes: { 'service.name': name },
  metrics: [{ ...gauge, points: ks.map((k) => ({ double: 1, time: 1, attributes: { k } })) }],
});

test('--max-resources', async (t) => {
  const rig = await startExporter(t, {}, { maxResources: 2 });
  assert.equal(rig.send(of('a', '1')), undefined);
  assert.equal(rig.send(of('b', '1', '2'), of('a', '2'))?.points, 2);
  assert.equal(rig.state().notTaken.get('resource_limit'), 2);
  const fix = 'new ones are rejected until some expire, first job "b". Send fewer, or raise --max-resources';
  assert.deepEqual(rig.warnings, [`there are 2 resources and scopes: ${fix}`]);
  assert.equal((await rig.samples()).filter((line) => line.startsWith('g{')).length, 2);
});

test('--max-memory', async (t) => {
  const rig = await startExporter(t, {}, { maxMemory: 100_000 });
  const names = Array.from({ length: 5_000 }, (_, k) => `series ${k}`);
  const refused = rig.send(of('a', ...names))?.points ?? 0;
  assert.ok(refused > 3_000 && refused < 5_000, `${refused}`);
  // Those that are there go on.
  assert.equal(rig.send(of('a', 'series 0', 'series 1')), undefined);
  assert.equal(rig.state().notTaken.get('memory_limit'), refused);
  const fix = 'new series are rejected until memory is free, first of g from job "a". Send fewer, or raise --max-memory (100000)';
  assert.deepEqual(rig.warnings, [`what senders sent takes as much memory as it may: ${fix}`]);
});

test('labels of a resource', async (t) => {
  const rig = await startExporter(t);
  const long = (k: number) => ({
    attributes: { 'service.name': 'a' },
    metrics: [
      {
        ...gauge,
        points: [
          {
            double: 1,
            time: 1,
            attributes: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`${at} ${k}`, 'x'.repeat(65_000)])),
          },
        ],
      },
    ],
  });
  const verdicts = Array.from({ length: 6 }, (_, k) => rig.send(long(k))?.points ?? 0);
  assert.deepEqual(verdicts, [0, 0, 0, 0, 0, 1]);
  assert.equal(rig.state().notTaken.get('resource_label_bytes'), 1);
  assert.match(
    rig.warnings.join(),
    /^the labels of job "a" have 33554432 bytes: new series are rejected until some expire, first of g\./,
  );
});
