/**
 * A disk that is full, and a storage that is: senders are told to send again, nothing that was acknowledged is lost, and it goes
 * on once there is room.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../../until.ts';
import { tinyDisk } from '../exporters/file/tiny-disk.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { batch, metric, soon } from '../exporters/otlp-http/rig.ts';
import { pointsAt, storedRig } from './stored-rig.ts';

const queueOf = (more: object = {}) => ({ storage: 'file_storage', num_consumers: 1, queue_size: 1_000_000, ...more });
/** A request of a series of its own, so that nothing is superseded. */
const large = (name: string) =>
  batch(metric(name, 2, 1, { temporality: 1 }), metric(`filler of ${name} ${'.'.repeat(900)}`, 2, 1));

test('ENOSPC: refused for the sender to send again, with a line; nothing acknowledged is lost, and it goes on', async (t) => {
  const directory = tinyDisk(t, 256);
  if (directory === undefined) return t.skip('skipped: this process must not mount a file system');
  const rig = await storedRig(t, { directory });
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { exporter, counts, refusals } = await rig.start({
    endpoint: receiver.origin,
    retry_on_failure: soon,
    sending_queue: queueOf(),
  });
  const ballast = join(directory, 'ballast');
  const acknowledged: string[] = [];
  // Each time it is full at another write.
  for (let round = 0; round < 12; round++) {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, 256 * 1_024 - rig.bytes() - 12_288 - 700 * round)));
    for (let at = 0; ; at++) {
      const name = `r${round}n${at}`;
      const verdict = await exporter.consume(large(name));
      if (verdict === undefined) acknowledged.push(name);
      else {
        assert.deepEqual([verdict.points, verdict.retryable], [2, true]);
        assert.match(verdict.why, /^the sending queue cannot be written to disk: no space is left there$/);
        break;
      }
    }
    rmSync(ballast);
    assert.equal(await exporter.consume(large(`r${round}more`)), undefined);
    acknowledged.push(`r${round}more`);
  }
  assert.match(refusals.join('\n'), /not_written: .*Fix: make room there/);
  receiver.answers = [{ status: 200 }];
  const before = receiver.requests.length;
  await until('sent', () => counts.sent === 2 * acknowledged.length);
  const there = new Set(pointsAt({ requests: receiver.requests.slice(before - 1) }));
  assert.deepEqual(
    acknowledged.filter((name) => !there.has(`${name} 2 1`)),
    [],
  );
  assert.deepEqual([counts.failed, counts.enqueueFailed], [0, 24]);
});

test('max_size: a full storage is compacted, then refuses; no point of a series is lost but those that newer ones supersede', async (t) => {
  const maxBytes = 256 * 1_024;
  const rig = await storedRig(t, { maxBytes });
  const receiver = await startReceiver(t, [{ status: 503 }]);
  const { exporter, counts, refusals, queue } = await rig.start({
    endpoint: receiver.origin,
    retry_on_failure: soon,
    sending_queue: queueOf(),
  });
  const most = 700;
  const filler = '.'.repeat(2_000);
  // Far more than the storage has room for, of one cumulative series and one of deltas.
  for (let at = 1; at <= most; at++) {
    const points = [{ int: 1, start: BigInt(at - 1) * 1_000_000_000n, time: BigInt(at) * 1_000_000_000n }];
    const delta = metric('delta', at, 1, { temporality: 1, points });
    assert.equal(await exporter.consume(batch(metric(`total ${filler}`, at, at), delta)), undefined);
    assert.ok(rig.bytes() <= maxBytes, `${rig.bytes()}`);
  }
  assert.deepEqual(refusals, []);
  receiver.answers = [{ status: 200 }];
  const before = receiver.requests.length;
  await until('sent', () => queue().size === 0);
  const sent = pointsAt({ requests: receiver.requests.slice(before) }).map((line) => line.split(' '));
  assert.equal(
    sent
      .filter(([name]) => name === 'total')
      .at(-1)
      ?.at(-1),
    `${most}`,
  );
  assert.equal(
    sent.filter(([name]) => name === 'delta').reduce((sum, line) => sum + Number(line.at(-1)), 0),
    most,
  );
  assert.equal(counts.failed, 0);
});

test('max_size: what nothing supersedes is refused once there is no room, and the limit holds', async (t) => {
  const maxBytes = 256 * 1_024;
  const rig = await storedRig(t, { maxBytes });
  const { exporter, counts, refusals } = await rig.start({
    endpoint: 'http://127.0.0.1:1',
    retry_on_failure: soon,
    sending_queue: queueOf(),
  });
  let taken = 0;
  for (let at = 0; at < 600; at++) {
    const verdict = await exporter.consume(large(`series ${at}`));
    if (verdict === undefined) taken++;
    else assert.deepEqual(verdict, { points: 2, why: 'sending queue is full', retryable: true });
    assert.ok(rig.bytes() <= maxBytes, `${rig.bytes()}`);
  }
  assert.ok(taken > 120 && taken < 240, `${taken}`);
  assert.equal(counts.enqueueFailed, 2 * (600 - taken));
  assert.match(refusals[0] ?? '', /^storage_full: .*raise max_size of the storage$/);
  await exporter.shutdown();
  const again = await rig.start({ endpoint: 'http://127.0.0.1:1', sending_queue: queueOf({ sizer: 'items' }) });
  assert.equal(again.queue().size, 2 * taken);
});
