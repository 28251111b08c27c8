/**
 * The sending queue for an exporter of a plugin: what its verdicts mean, what it opens and closes, and what a reload hands over.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Batch,
  batchTree,
  type Extension,
  type Infer,
  type QueuedClient,
  queued,
  retryOnFailure,
  section,
  sendingQueue,
  storageNeedsOf,
  testComponentContext,
} from '../../../src/collector.ts';
import { readTree } from '../../../src/core/config/read-tree.ts';
import { wrong } from '../../../src/core/config/schema/index.ts';
import { until } from '../../until.ts';
import { batch, metric, soon } from '../exporters/otlp-http/rig.ts';
import { storedRig } from '../queue/stored-rig.ts';

const schema = section({ sending_queue: sendingQueue, retry_on_failure: retryOnFailure });

function settingsOf(config: object): Infer<typeof schema> {
  const { tree } = readTree('config.yaml', JSON.stringify({ retry_on_failure: soon, ...config }), 'collector');
  const settings = schema.read({ tree, keys: '' }, { problems: [], warnings: [] });
  return settings === wrong ? assert.fail('the configuration is wrong') : settings;
}

/** An exporter of a plugin, with what it counts. */
async function started(t: TestContext, client: QueuedClient, config: object = {}, configured?: () => Pick<Extension, 'storage'>) {
  const counts = { sent: 0, failed: 0, enqueueFailed: 0 };
  const count = (what: keyof typeof counts) => (points: number) => {
    counts[what] += points;
  };
  const kit = testComponentContext();
  const context: typeof kit = {
    ...kit,
    ...(configured && { configured: configured as () => Extension }),
    queues: () => ({
      sent: count('sent'),
      failed: count('failed'),
      enqueueFailed: count('enqueueFailed'),
    }),
  };
  const exporter = queued(context, settingsOf(config), client);
  await exporter.start();
  let ended = false;
  const shutdown = async () => {
    if (!ended) await exporter.shutdown();
    ended = true;
  };
  t.after(shutdown);
  return { exporter, counts, lines: kit.lines, refusals: kit.refusals, shutdown };
}

const named = (...names: readonly string[]) => batch(...names.map((name) => metric(name, 2, 1, { temporality: 1 })));
const namesIn = (given: Batch) =>
  batchTree(given).flatMap(({ scopes }) => scopes.flatMap(({ metrics }) => metrics.map(({ metric }) => metric.name)));

for (const [what, fails] of [
  ['an error', () => Promise.reject(new Error('the line is dead'))],
  [
    'an error that is thrown',
    () => {
      throw new Error('the line is dead');
    },
  ],
  ['a verdict to try again', () => ({ points: 1, why: 'the line is dead', retryable: true })],
] as const)
  test(`${what}: the batch is sent again, and one line says so`, async (t) => {
    const got: string[] = [];
    let attempts = 0;
    const { exporter, counts, lines } = await started(t, {
      send(given) {
        if (++attempts < 4) return fails();
        got.push(...namesIn(given));
        return undefined;
      },
    });
    assert.equal(await exporter.consume(named('a')), undefined);
    await until('sent', () => counts.sent === 1);
    assert.deepEqual([got, attempts, counts.failed], [['a'], 4, 0]);
    assert.match(
      lines.join('\n'),
      /^warn: sending to test fails and is tried again: .*the line is dead.*\ninfo: .*after 3 failed attempts$/,
    );
  });

for (const [what, answer, sent] of [
  ['a verdict on all of it', () => ({ points: 2, why: 'no such tenant' }), 0],
  ['a verdict on a part', () => ({ points: 1, why: 'no such tenant' }), 1],
  ['a permanent error', () => Promise.reject(Object.assign(new Error('no such tenant'), { permanent: true })), 0],
] as const)
  test(`${what} is final: it is counted, and not sent again`, async (t) => {
    let attempts = 0;
    const { exporter, counts, refusals } = await started(t, {
      send() {
        attempts++;
        return answer();
      },
    });
    assert.equal(await exporter.consume(named('a', 'b')), undefined);
    await until('counted', () => counts.failed + counts.sent === 2);
    await sleep(10);
    assert.deepEqual([attempts, counts.sent, counts.failed], [1, sent, 2 - sent]);
    assert.match(refusals[0]?.message ?? '', /no such tenant/);
  });

test('retry_on_failure without effect: one attempt', async (t) => {
  let attempts = 0;
  const send = () => {
    attempts++;
    return Promise.reject(new Error('dead'));
  };
  const { exporter, counts } = await started(t, { send }, { retry_on_failure: { enabled: false } });
  await exporter.consume(named('a'));
  await until('counted', () => counts.failed === 1);
  assert.equal(attempts, 1);
});

test('what it opens is open before the first batch, and closed behind the last one', async (t) => {
  const events: string[] = [];
  const { exporter, shutdown } = await started(t, {
    async open() {
      await sleep(5);
      events.push('open');
    },
    async send(given) {
      await sleep(5);
      events.push(...namesIn(given));
      return undefined;
    },
    close: () => Promise.reject(new Error(`closed behind ${events.join()}`)),
  });
  await exporter.consume(named('a'));
  await shutdown();
  assert.deepEqual(events, ['open', 'a']);
  await assert.rejects(
    started(t, { open: () => Promise.reject(new Error('no database')), send: () => undefined }),
    /no database/,
  );
});

test('what is handed over ahead of the start waits for it', async (t) => {
  const first = await started(t, { send: () => Promise.reject(new Error('down')) });
  await first.exporter.consume(named('a'));
  const left = await first.exporter.handOver?.();
  const got: string[] = [];
  const settings = settingsOf({});
  const second = queued(testComponentContext(), settings, {
    open: () => sleep(5),
    send: (given) => void got.push(...namesIn(given)),
  });
  second.takeOver?.(left);
  await sleep(5);
  await second.start();
  t.after(second.shutdown);
  await until('sent', () => got.length === 1);
});

test('what waits on disk is sent by the one that takes over, and by the next one after an end', async (t) => {
  const { storage } = await storedRig(t);
  const queue = { sending_queue: { storage: 'file_storage', num_consumers: 1 } };
  assert.deepEqual(storageNeedsOf(settingsOf(queue)), [{ extension: settingsOf(queue).sending_queue.storage, offer: 'storage' }]);
  const down = { send: () => Promise.reject(new Error('down')) };
  const first = await started(t, down, queue, () => ({ storage }));
  await first.exporter.consume(named('a'));
  const second = await started(t, down, queue, () => ({ storage }));
  second.exporter.takeOver?.(await first.exporter.handOver?.());
  await second.exporter.consume(named('b'));
  await second.shutdown();
  assert.equal(second.counts.failed, 0);
  const got: string[] = [];
  const third = await started(t, { send: (given) => void got.push(...namesIn(given)) }, queue, () => ({ storage }));
  await until('sent', () => third.counts.sent === 2);
  assert.deepEqual(got, ['a', 'b']);
});
