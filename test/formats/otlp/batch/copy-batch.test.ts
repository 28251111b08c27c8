import assert from 'node:assert/strict';
import test from 'node:test';
import { readBatch, readPooledBatch, releaseBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { defaultBatchLimits } from '../../../../src/formats/otlp/batch/batch-limits.ts';
import { copyBatch } from '../../../../src/formats/otlp/batch/copy-batch.ts';
import { batchOfJson } from '../../../../src/service/plugin/batch-of-json.ts';
import { batchTree } from '../../../../src/service/plugin/batch-tree.ts';

function requestOf(name: string, points: number): object {
  const dataPoints = Array.from({ length: points }, (_, at) => ({
    timeUnixNano: String(at + 1),
    asDouble: at + 0.5,
    attributes: [{ key: 'at', value: { stringValue: `${name}-${at}` } }],
  }));
  return { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name, gauge: { dataPoints } }] }] }] };
}

test('a batch stays as it is when others are read behind it', () => {
  const requests = [requestOf('large', 300), requestOf('small', 1), requestOf('other', 40)];
  const expected = requests.map((request) => batchTree(batchOfJson(request)));
  const batches = requests.map(batchOfJson);
  assert.deepEqual(batches.map(batchTree), expected);
  assert.deepEqual(batches.map(({ bytes }) => readBatch(bytes)).map(batchTree), expected);
});

test("a receiver's batch is nobody else's until it is released", () => {
  const [large, small] = [batchOfJson(requestOf('large', 300)), batchOfJson(requestOf('small', 1))];
  const first = readPooledBatch(large.bytes, defaultBatchLimits);
  const second = readPooledBatch(small.bytes, defaultBatchLimits);
  assert.notEqual(first.index, second.index);
  assert.deepEqual([batchTree(first), batchTree(second)], [batchTree(large), batchTree(small)]);
  releaseBatch(second);
  const third = readPooledBatch(small.bytes, defaultBatchLimits);
  assert.equal(third.index, second.index);
  assert.deepEqual(batchTree(first), batchTree(large));
});

test('a request that is no protobuf gives back the index that it was read into', () => {
  const { bytes } = batchOfJson(requestOf('small', 1));
  const before = readPooledBatch(bytes, defaultBatchLimits);
  releaseBatch(before);
  assert.throws(() => readPooledBatch(Uint8Array.of(0x0a, 0xff), defaultBatchLimits));
  assert.equal(readPooledBatch(bytes, defaultBatchLimits).index, before.index);
});

test("a copy stays as it is when the bytes are used again, a receiver's Buffer too", () => {
  const { bytes } = batchOfJson(requestOf('n', 300));
  const memory = Buffer.alloc(bytes.length + 32);
  memory.set(bytes, 17);
  const batch = readBatch(memory.subarray(17, 17 + bytes.length));
  const expected = batchTree(batchOfJson(requestOf('n', 300)));
  const copies = [copyBatch(batch), copyBatch(copyBatch(batch))];
  const slice = batch.bytes.slice();
  memory.fill(0xff);
  batch.index.fill(0);
  for (const copy of copies) assert.deepEqual(batchTree(copy), expected);
  assert.deepEqual([...slice], [...bytes]);
});
