/** What records hold while the file takes none. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Batch } from '../../../../src/formats/otlp/batch/batch.ts';
import { createMemoryBudget } from '../../../../src/service/memory/budget.ts';
import { until } from '../../../until.ts';
import { batchOf, longLine, rig, rigIn } from './rig.ts';

const skip = existsSync('/dev/full') ? false : 'there is no /dev/full here';
const mib = 2 ** 20;
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

test('records behind a large one take the memory of their own bytes, and all of it is counted', { skip }, async (t) => {
  const memory = createMemoryBudget(2 ** 30);
  const { exporter } = rigIn(rig(t).folder, { flush_interval: 60_000, path: '/dev/full', append: true }, undefined, memory);
  await exporter.start();
  t.after(() => exporter.shutdown());
  const lines = [longLine('large', 5 * mib), ...Array.from({ length: 20 }, (_, at) => longLine(`m${at}`, 100_000))];
  const records = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const [large, ...others] = lines.map(batchOf) as [Batch, ...Batch[]];
  const before = buffers();
  assert.equal(await exporter.consume(large), undefined);
  assert.ok(memory.used >= large.bytes.length + large.index.byteLength, `${memory.used} bytes of a batch that is no JSON yet`);
  for (const batch of others) assert.equal(await exporter.consume(batch), undefined);
  // The buffer for JSON may keep 1 MiB.
  await until('all of it is JSON', () => memory.used < records + 1.1 * mib);
  const most = records + 1.5 * mib;
  // V8 gives buffers back in a thread of its own, which on a busy machine comes late.
  let held = buffers() - before;
  for (let look = 0; look < 500 && held >= most; look++) {
    await sleep(10);
    held = buffers() - before;
  }
  assert.ok(
    held < most && memory.used >= records,
    `${held} bytes of buffers, of which ${memory.used} are counted, for ${records}`,
  );
  await exporter.shutdown();
  assert.ok(memory.used === 0);
});

function buffers(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}
