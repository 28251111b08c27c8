/**
 * Five thousand batches, each of a resource that was not there before, through every processor: each comes out as it should, and
 * memory is bounded.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Batch, readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import type { Consume, Verdict } from '../../../src/service/component.ts';
import { requestOf } from '../many-resources.ts';
import { rig, shortOf, treeOf } from './rig.ts';

const resources = 5_000;
/** Bytes of a resource's attributes: in all more than what is remembered. */
const filler = 'x'.repeat(20_000);

const chain: readonly (readonly [type: string, yaml: string])[] = [
  ['memory_limiter', '{check_interval: 1s, limit_mib: 100000}'],
  ['resource', 'attributes: [{key: filler, action: hash}, {key: host, action: extract, pattern: "^(?P<number>[0-9]+)$"}]'],
  ['filter', 'metrics: {exclude: {match_type: regexp, resource_attributes: [{key: host, value: "7$"}]}}'],
  ['attributes', 'actions: [{key: filler, action: delete}, {key: a, action: upsert, value: 1}]'],
  ['batch', '{send_batch_size: 100, send_batch_max_size: 100, timeout: 1h}'],
];

test('5,000 resources through every processor', async () => {
  const hosts: string[] = [];
  let wrong = '';
  const end = (batch: Batch): Verdict => {
    for (const { attributes, scopes } of treeOf(batch)) {
      const host = String(attributes.find(({ key }) => key === 'host')?.value?.stringValue);
      hosts.push(host);
      const point = shortOf(scopes[0]?.metrics[0]?.points[0]?.attributes ?? []);
      const number = attributes.find(({ key }) => key === 'number')?.value?.stringValue;
      if (number !== host || point !== `host=s:${host} a=i:1`) wrong = `${host}: ${number}, ${point}`;
    }
    return undefined;
  };
  const processors = [];
  let next: Consume = end;
  for (const [type, yaml] of chain.toReversed()) {
    const { processor } = rig(type, yaml, undefined, { next });
    processors.unshift(processor);
    next = processor.consume;
  }
  let before = 0;
  for (let at = 0; at < resources; at++) {
    if (at === 1_000) before = process.memoryUsage().arrayBuffers;
    assert.equal(next(readBatch(requestOf(at, filler))), undefined);
  }
  for (const processor of processors) await processor.shutdown();
  assert.equal(wrong, '');
  assert.deepEqual(
    hosts,
    Array.from({ length: resources }, (_, at) => String(at)).filter((host) => !host.endsWith('7')),
  );
  // 100 MB of attributes have come by three that remember. Together they may hold 64 MiB; with all of them it would be 300 MB.
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 64 * 2 ** 20 + 100e6, `${grown} bytes`);
});
