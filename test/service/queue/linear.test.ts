/** What a long queue costs: no step of it grows with what waits. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { BatchBuilder } from '../../../src/formats/otlp/batch/rewrite/batch-builder.ts';
import type { Loaded } from '../../../src/service/queue/entry.ts';
import { createMemory, type QueueMemory } from '../../../src/service/queue/memory.ts';
import { createQueue } from '../../../src/service/queue/queue.ts';
import { splitEntry } from '../../../src/service/queue/split.ts';
import { assertLinear } from '../../linear.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, startExporter } from '../exporters/otlp-http/rig.ts';
import { requestOf } from '../received/sender.ts';

const entry = (points: number): Loaded => ({ bytes: new Uint8Array(points), points, since: 0 });

test('what goes back to the head of the queue moves nothing else', () => {
  assertLinear((size) => {
    const memory = createMemory();
    for (let at = 0; at < size; at++) memory.push(entry(2));
    return () => {
      for (let at = 0; at < size; at++) {
        memory.shift();
        memory.replace(0, [entry(1)]);
      }
    };
  }, 5_000);
});

test('a ring keeps its order as it grows, and as entries come and go at both ends', () => {
  const memory = createMemory();
  let model: number[] = [];
  let next = 1;
  for (let step = 0; step < 5_000; step++) {
    const turn = (step * 7_919) % 5;
    if (turn < 2) {
      memory.push(entry(next));
      model.push(next++);
    } else if (turn === 2) assert.equal(memory.shift()?.points, model.shift());
    else {
      const count = (step * 31) % 4;
      const others = Array.from({ length: (step * 17) % 5 }, () => next++);
      const replaced = memory.replace(count, others.map(entry));
      assert.deepEqual(
        replaced.map(({ points }) => points),
        model.slice(0, count),
      );
      model = [...others, ...model.slice(count)];
    }
    assert.deepEqual(
      [memory.length, memory.at(0)?.points, memory.at(model.length - 1)?.points],
      [model.length, model[0], model.at(-1)],
    );
  }
});

test('a full queue that compaction does not help refuses without a look at what waits', async () => {
  const capacity = 2_000;
  const own = createMemory();
  let looks = 0;
  const memory: QueueMemory = {
    ...own,
    get length() {
      return own.length;
    },
    at(place) {
      looks++;
      return own.at(place);
    },
  };
  const queue = createQueue({
    memory,
    capacity,
    sizer: 'requests',
    consumers: 1,
    batch: undefined,
    send: () => new Promise(() => {}),
    cutOff() {},
    compact: async (entries) => entries,
  });
  for (let at = 0; at < capacity; at++) assert.equal(await queue.offer(entry(1), false), true);
  for (let at = 0; at < capacity; at++) assert.equal(await queue.offer(entry(1), false), false);
  assert.ok(looks < 10 * capacity, `${looks} looks`);
});

/** How often a resource is written. */
function writtenResources(t: TestContext): () => number {
  const { mock } = t.mock.method(BatchBuilder.prototype, 'openResource');
  return () => mock.callCount();
}

test('a request of many resources that is split is not read and written anew for each piece', async (t) => {
  const resources = 1_024;
  const bytes = requestOf(
    ...Array.from({ length: resources }, (_, at) => ({
      attributes: { host: String(at) },
      metrics: [{ name: 'm', type: 'gauge' as const, points: [{ int: at }] }],
    })),
  );
  const written = writtenResources(t);
  const pieces: Loaded[] = [];
  const waiting: Loaded[] = [{ bytes, points: resources, since: 0 }];
  for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
    if (first.points === 1) pieces.push(first);
    else waiting.unshift(...splitEntry(first, 1, 'items'));
    assert.ok(waiting.length <= 11, `${waiting.length} pieces at a time`);
  }
  assert.equal(pieces.length, resources);
  // Halved ten times.
  assert.ok(written() <= 12 * resources, `${written()} resources written`);
});

test('the event loop turns while a full queue is compacted, and the sender is answered behind it', async (t) => {
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const [requests, series] = [30, 4_000];
  const { exporter } = await startExporter(t, {
    endpoint: receiver.origin,
    sending_queue: { queue_size: requests, num_consumers: 1 },
    retry_on_failure: { initial_interval: '10m', max_elapsed_time: '0s' },
  });
  const large = (at: number) => batch(...Array.from({ length: series }, (_, m) => metric(`m.${m}`, at + 2, at)));
  for (let at = 0; at < requests; at++) assert.equal(exporter.consume(large(at)), undefined);
  let turns = 0;
  const turn = () => {
    turns++;
    timer = setImmediate(turn);
  };
  let timer = setImmediate(turn);
  const verdict = exporter.consume(large(requests));
  assert.equal(await verdict, undefined);
  clearImmediate(timer);
  assert.ok(turns >= 3, `${turns} turns`);
});
