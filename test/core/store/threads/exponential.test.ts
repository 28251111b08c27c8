/** A thread reads exponential buckets while their writer records and lowers scales. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { MessageChannel, Worker } from 'node:worker_threads';
import { createStore, recordExponential } from '../../../../src/core/store/index.ts';

const writes = 3_000_000;

test('a row read from another thread has buckets that add up to its count', async () => {
  const store = createStore();
  const exponential = { maxSize: 160, maxScale: 20 };
  const spec = { name: 'x', kind: 'histogram', unit: '', help: '', labels: [], exponential, maxAgeMs: 60_000 } as const;
  const family = store.source({ scope: { name: '' } }).family(spec, true);
  const { port1, port2 } = new MessageChannel();
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const url = new URL('./exponential-reader.ts', import.meta.url);
  const reader = new Worker(url, { workerData: { store: port2, shared }, transferList: [port2] });
  const stop = store.share(port1);
  await once(reader, 'message');
  const at = family.row({ values: [] }, 0) * family.stride;
  for (let write = 0; write < writes; write++) {
    // Ever smaller and larger ones lower the scale now and then.
    const others = 2 ** (((write % 2_001) / 2_001 - 0.5) * Math.min(40, write / 50_000));
    recordExponential(family.cells, at, exponential, write % 2 === 0 ? 1 : others);
  }
  Atomics.store(shared, 0, 1);
  const [found] = await once(reader, 'message');
  stop();
  port1.close();
  await reader.terminate();
  assert.ok(found.rows > 0);
  assert.deepEqual({ ...found, rows: 0, changing: 0 }, { rows: 0, changing: 0, miscounted: 0, fallen: 0, misplaced: 0 });
  assert.ok(found.changing <= found.rows / 100, `${found.changing} of ${found.rows}`);
});
