/** What components hold of batches counts against the budget, and without room they hold nothing more. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { createMemoryBudget } from '../../../src/service/memory/budget.ts';
import { until } from '../../until.ts';
import { rig as debugRig } from '../exporters/debug/rig.ts';
import { rigIn as fileRig } from '../exporters/file/rig.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { startExporter } from '../exporters/otlp-http/rig.ts';
import { rig as processorRig } from '../processors/rig.ts';
import { requestOf } from '../received/sender.ts';
import { gauge } from '../received/sent.ts';

const points = Array.from({ length: 1_000 }, (_, k) => ({ double: k, time: k + 1, attributes: { k: String(k) } }));
const batch = readBatch(requestOf({ metrics: [{ ...gauge, points }] }));
const size = batch.bytes.length;

/** A budget in which as much is taken as `taken` says. */
function budget() {
  const memory = createMemoryBudget(100 * size);
  const state = { memory, taken: 0 };
  memory.add(() => state.taken);
  return state;
}

test('debug: what waits to be printed; without room all of it is printed at once', async () => {
  const { memory, ...state } = budget();
  const { exporter, stdout } = debugRig({}, memory);
  await exporter.start();
  await exporter.consume(batch);
  assert.ok(memory.used >= size, `${memory.used}`);
  const end = memory.add(() => memory.limit);
  await exporter.consume(batch);
  assert.equal(stdout().split('NumberDataPoints #999').length, 3);
  end();
  assert.equal(memory.used, state.taken);
  await exporter.shutdown();
});

test('file: what waits for the disk; without room senders are asked to send again', async (t) => {
  const { memory } = budget();
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-file-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { exporter, refusals } = fileRig(folder, { format: 'proto', flush_interval: 60_000 }, Date.now, memory);
  await exporter.start();
  assert.equal(await exporter.consume(batch), undefined);
  assert.ok(memory.used >= size, `${memory.used}`);
  const end = memory.add(() => memory.limit);
  const verdict = await exporter.consume(batch);
  assert.deepEqual([verdict?.points, verdict?.retryable], [1_000, true]);
  assert.match(verdict?.why ?? '', /--max-memory/);
  assert.equal(refusals.length, 1);
  end();
  await exporter.shutdown();
  assert.equal(memory.used, 0);
});

for (const sending_queue of [{}, { enabled: false }, { queue_size: 2, block_on_overflow: true }]) {
  test(`otlp_http: what waits and what is under way; without room senders are asked to send again: ${JSON.stringify(sending_queue)}`, async (t) => {
    const { memory } = budget();
    const { promise, resolve } = Promise.withResolvers<void>();
    const receiver = await startReceiver(t, [{ status: 200, after: promise }]);
    const config = { endpoint: receiver.origin, compression: 'none', sending_queue };
    const { exporter, counts, refusals } = await startExporter(t, config, { memory });
    const verdicts = Array.from({ length: 3 }, () => exporter.consume(batch));
    assert.ok(memory.used >= 3 * size && memory.used < 7 * size, `${memory.used / size}`);
    const end = memory.add(() => memory.limit);
    const verdict = await exporter.consume(batch);
    assert.deepEqual([verdict?.points, verdict?.retryable, counts.enqueueFailed], [1_000, true, 1_000]);
    assert.match(refusals.join(), /no_memory: .*--max-memory/);
    end();
    resolve();
    await Promise.all(verdicts);
    await until('sent', () => memory.used === 0);
    await exporter.shutdown();
  });
}

test('batch: what is held; without room all of it is handed on', async () => {
  const { memory } = budget();
  const { processor, batches } = processorRig('batch', '{send_batch_size: 100000, timeout: 1h}', undefined, { memory });
  await processor.start();
  await processor.consume(batch);
  assert.ok(memory.used >= size, `${memory.used}`);
  assert.equal(batches.length, 0);
  const end = memory.add(() => memory.limit);
  await processor.consume(batch);
  assert.equal(batches.length, 1);
  end();
  await processor.shutdown();
  assert.equal(memory.used, 0);
});
