/** Sizes and times as the Collector's batch processor has them; the twin test compares with the Collector itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BatchBuilder } from '../../../src/formats/otlp/batch/rewrite/batch-builder.ts';
import type { NotTaken, Verdict } from '../../../src/service/component.ts';
import { randomRequests } from '../../conformance/twin/random.ts';
import { batchOf, rig, settingsOf, type Tree, treeOf } from './rig.ts';

const gauge = (name: string, points: number) => ({
  name,
  gauge: {
    dataPoints: Array.from({ length: points }, (_, at) => ({
      asInt: String(at),
      attributes: [{ key: 'at', value: { intValue: String(at) } }],
    })),
  },
});
const request = (...sizes: readonly number[]) => ({
  resourceMetrics: [{ scopeMetrics: [{ metrics: sizes.map((size, at) => gauge(`m${at}`, size)) }] }],
});
const sizeOf = (tree: Tree) =>
  tree
    .flatMap(({ scopes }) => scopes.flatMap(({ metrics }) => metrics.map(({ points }) => points.length)))
    .reduce((all, one) => all + one, 0);

describe('hands on, and keeps until it ends', () => {
  type Case = readonly [yaml: string, sent: readonly number[], at: readonly number[], ended: readonly number[]];
  const cases: readonly Case[] = [
    ['{}', [100, 100], [], [200]],
    ['{}', [8191, 1, 5], [8192], [5]],
    ['{}', [20_000], [20_000], []],
    ['send_batch_size: 3', [1, 1, 1, 4, 2], [3, 4], [2]],
    ['{send_batch_size: 3, send_batch_max_size: 3}', [10], [3, 3, 3], [1]],
    ['{send_batch_size: 3, send_batch_max_size: 4}', [2, 9], [4, 4, 3], []],
    ['{send_batch_size: 3, send_batch_max_size: 4}', [10, 1], [4, 4, 3], []],
    ['timeout: 0s', [1, 2], [1, 2], []],
    ['send_batch_size: 0', [1, 2], [1, 2], []],
    ['{timeout: 0s, send_batch_max_size: 4, send_batch_size: 4}', [10], [4, 4, 2], []],
    ['{send_batch_size: 0, send_batch_max_size: 4}', [3, 5], [3, 4, 1], []],
  ];
  for (const [yaml, sent, at, ended] of cases)
    test(`${yaml}: ${sent.join(', ')} points`, async () => {
      const { send, batches, processor } = rig('batch', yaml);
      for (const size of sent) assert.equal(send(request(size)), undefined);
      assert.deepEqual(batches.map(sizeOf), at);
      await processor.shutdown();
      assert.deepEqual(batches.slice(at.length).map(sizeOf), ended);
    });
});

test('many resources in many pieces: each resource is written a few times, not once a piece', (t) => {
  const { mock } = t.mock.method(BatchBuilder.prototype, 'openResource');
  const { send, batches } = rig('batch', '{send_batch_size: 2, send_batch_max_size: 2}');
  const resources = 1_000;
  const one = (at: number) => ({
    resource: { attributes: [{ key: 'host', value: { stringValue: String(at) } }] },
    scopeMetrics: [{ metrics: [gauge('m', 1)] }],
  });
  send({ resourceMetrics: Array.from({ length: resources }, (_, at) => one(at)) });
  assert.deepEqual(batches.map(sizeOf), new Array(resources / 2).fill(2));
  assert.ok(mock.callCount() <= 3 * resources, `${mock.callCount()} resources were written`);
});

test('points wait for the timeout, from the first one on', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { send, batches } = rig('batch', 'timeout: 1s');
  send(request(1));
  t.mock.timers.tick(600);
  send(request(2));
  t.mock.timers.tick(399);
  assert.equal(batches.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(batches.map(sizeOf), [3]);
  t.mock.timers.tick(5_000);
  assert.equal(batches.length, 1);
  send(request(4));
  t.mock.timers.tick(1_000);
  assert.deepEqual(batches.map(sizeOf), [3, 4]);
});

test('what is put together is what was sent, and pieces put together are it again', async () => {
  const requests = randomRequests(100, 11);
  const before = requests.flatMap((one) => treeOf(batchOf(one)));
  const whole = rig('batch', 'send_batch_size: 1000000');
  for (const one of requests) whole.send(one);
  await whole.processor.shutdown();
  assert.deepEqual(whole.batches, [before]);

  const pieces = rig('batch', '{send_batch_size: 7, send_batch_max_size: 7}');
  for (const one of requests) pieces.send(one);
  await pieces.processor.shutdown();
  const points = (trees: readonly Tree[]) =>
    trees
      .flat()
      .flatMap(({ attributes, scopes }) =>
        scopes.flatMap(({ metrics, ...scope }) =>
          metrics.flatMap(({ points: own, ...metric }) => own.map((point) => ({ attributes, scope, metric, point }))),
        ),
      );
  assert.ok(pieces.batches.slice(0, -1).every((tree) => sizeOf(tree) === 7));
  assert.deepEqual(points(pieces.batches), points([before]));
});

test('a metric of which points were rejected comes without them', async () => {
  const wrong = { timeUnixNano: '1', attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(70_000) } }], asInt: '1' };
  const metrics = [
    { name: 'm', sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ asInt: '1' }, wrong, { asInt: '3' }] } },
  ];
  const { send, batches, processor } = rig('batch', '{}');
  send({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
  await processor.shutdown();
  // treeOf has read the bytes again, and got the same points.
  assert.deepEqual(batches.map(sizeOf), [2]);
});

test('a request without points goes no further', async () => {
  const { send, processor } = rig('batch', '{}', () => assert.fail());
  send({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [] } }] }] }] });
  await processor.shutdown();
});

describe('behind it', () => {
  const refusal: NotTaken = { points: 2, why: 'the queue is full', retryable: true };
  test('what is not taken is told, not answered', () => {
    const { send, lines } = rig('batch', 'send_batch_size: 2', () => refusal);
    assert.equal(send(request(2)), undefined);
    assert.deepEqual(lines, ['not_taken: points after the batch were rejected: the queue is full']);
  });

  test('an exporter that lets its senders wait lets them wait here, too', async () => {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const { send, lines, processor } = rig('batch', '{send_batch_size: 2, timeout: 10m}', () => undefined, {
      next: () => promise,
    });
    const first = send(request(2));
    const second = send(request(1));
    assert.ok(first instanceof Promise && second instanceof Promise);
    let ended = false;
    void second.then(() => {
      ended = true;
    });
    await new Promise(setImmediate);
    assert.equal(ended, false);
    resolve(refusal);
    assert.deepEqual(await Promise.all([first, second]), [undefined, undefined]);
    assert.equal(lines.length, 1);
    assert.equal(send(request(0)), undefined);
    await processor.shutdown();
  });
});

test('a failure behind it at the timeout is a line', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { send, lines } = rig('batch', '{}', () => {
    throw new Error('broken');
  });
  send(request(1));
  t.mock.timers.tick(200);
  assert.deepEqual(lines, ['failed_points: points that were held could not be handed on and are lost: Error: broken']);
});

test('refuses a largest size below the size, and metadata_keys', () => {
  const [size] = settingsOf('batch', '{send_batch_size: 10, send_batch_max_size: 9}').problems;
  assert.equal(size, 'send_batch_max_size: 9: it is at least send_batch_size, which is 10');
  assert.match(String(settingsOf('batch', 'metadata_keys: [a]').problems), /the Collector has this key/);
});

describe('what it fails at costs itself, and not what comes behind it', () => {
  test('a batch that cannot be copied leaves nothing behind', async () => {
    const { send, batches, processor } = rig('batch', '{}');
    send(request(1));
    // As of a component that has made its index by itself.
    assert.throws(() => processor.consume({ ...batchOf(request(2, 2)), view: new DataView(new ArrayBuffer(0)) }));
    send(request(3));
    await processor.shutdown();
    assert.deepEqual(batches.map(sizeOf), [4]);
  });

  test('what cannot be handed on is not tried again and again, and is said with the number of its points', () => {
    let next = () => {
      throw new Error('broken');
    };
    const { send, lines, batches } = rig('batch', 'send_batch_size: 2', () => next());
    assert.equal(send(request(2)), undefined);
    assert.deepEqual(lines, ['failed_points: points that were held could not be handed on and are lost: Error: broken']);
    next = () => undefined as never;
    assert.equal(send(request(3)), undefined);
    assert.deepEqual(batches.map(sizeOf), [2, 3]);
    assert.equal(lines.length, 1);
  });
});
