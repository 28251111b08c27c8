/**
 * A power cut at some moment of a service with `fsync: true`, from the making of its directory on: through an outage that fills
 * its storage, and behind it. What a sender was told to be safe is on the disk, or the receiver has it.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRecordLog } from '../../../src/service/storage/log/record-log.ts';
import { random } from '../../conformance/random.ts';
import { folderFor } from '../../folder-for.ts';
import { decodeMetrics } from '../../formats/otlp/decode-metrics.ts';
import { full } from '../../full.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { senders, startSenders } from '../forwarding/senders.ts';
import { startFrom } from '../graph/rig.ts';
import { assertRecorded, rebuild, remains } from '../storage/disk/rebuild.ts';
import { recordDisk } from '../storage/disk/record-disk.ts';

const cuts = full ? 60 : 15;
const starts = 1;
const place = ['var', 'lib', 'queue'];
const maxBytes = 64 * 1_024;

const yamlOf = (root: string, endpoint: string) =>
  JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
    exporters: {
      otlp_http: {
        endpoint,
        compression: 'none',
        sending_queue: { num_consumers: 1, queue_size: 100_000, storage: 'file_storage' },
        retry_on_failure: { initial_interval: '2ms', max_interval: '2ms' },
      },
    },
    extensions: { file_storage: { directory: join(root, ...place), create_directory: true, fsync: true, max_size: maxBytes } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      extensions: ['file_storage'],
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['otlp_http'] } },
    },
  });

interface Has {
  /** The numbers of the cumulative points, in their order. */
  readonly total: number[];
  /** The numbers of the changes that are in deltas. */
  readonly changes: number[];
}

/** By sender. */
function inBodies(bodies: readonly Uint8Array[]): readonly Has[] {
  const all = Array.from({ length: senders }, (): Has => ({ total: [], changes: [] }));
  const numberOf = (nanos: string) => Number(BigInt(nanos) / 1_000_000n);
  for (const body of bodies)
    for (const { resource, scopeMetrics } of decodeMetrics('application/x-protobuf', body).resourceMetrics)
      for (const { name, sum } of scopeMetrics[0].metrics) {
        const own = all[Number(resource.attributes[0].value.stringValue)] as Has;
        for (const { startTimeUnixNano, timeUnixNano, asInt } of sum?.dataPoints ?? []) {
          const [from, to] = [numberOf(startTimeUnixNano), numberOf(timeUnixNano)];
          if (name === 'total') own.total.push(to);
          else own.changes.push(...Array.from({ length: to - from }, (_, at) => from + at + 1));
          if (name === 'delta') assert.equal(asInt, to - from);
        }
      }
  return all;
}

const isAscending = (numbers: readonly number[]) => numbers.every((number, at) => number >= (numbers[at - 1] ?? 0));

test(`${cuts} power cuts of a service with fsync`, { skip: process.platform === 'win32' }, async (t) => {
  const folder = folderFor(t);
  const root = folder('disk');
  mkdirSync(root);
  const disk = recordDisk(t, root);
  const receiver = await startReceiver(t);
  const taken: { readonly from: number; readonly body: Uint8Array }[] = [];
  let isDown = true;
  receiver.answer = ({ body }) => {
    if (isDown) return { status: 503 };
    taken.push({ from: disk.now, body });
    return { status: 200 };
  };
  const service = await startFrom(t, yamlOf(root, receiver.origin));
  const host = new URL(service.urls()[0] as string).host;
  const sending = startSenders(
    () => host,
    () => disk.now,
  );
  t.after(sending.stop);
  const replaced = () => disk.entries.filter(({ kind }) => kind === 'unlink').length;
  await until('what waits was compacted', () => replaced() > 5);
  isDown = false;
  await until('all is sent', () => taken.length > 20);
  await sleep(20);
  await sending.stop();
  await service.shutdown();
  disk.end();

  assertRecorded(disk, folder('all'));
  const { between, pick, next } = random(Number(process.env.METERBRIDGE_SEED ?? 1));
  for (let cut = 0; cut < cuts; cut++) {
    const [moment, left] = [between(0, disk.now), pick(remains)];
    const what = `moment ${moment} of ${disk.now}, ${left}`;
    const copy = folder('cut');
    rebuild(disk, moment, left, copy, next);
    const acknowledged = sending.times.map((times) => times.filter(({ answered }) => answered <= moment).length);
    const sent = inBodies(taken.filter(({ from }) => from <= moment).map(({ body }) => body));
    const directory = join(copy, ...place);
    if (acknowledged.every((newest) => newest === 0)) mkdirSync(directory, { recursive: true });
    const log = await openRecordLog({ directory, name: 'otlp_http', fsync: true, maxBytes, warn: () => {} });
    const there = inBodies(await Promise.all(log.live.map((record) => log.read(record))));
    await log.close();
    for (const [sender, newest] of acknowledged.entries()) {
      const [own, before] = [there[sender] as Has, sent[sender] as Has];
      assert.ok(Math.max(0, ...own.total, ...before.total) >= newest, `${what}: ${sender} was told ${newest}`);
      const changes = new Set([...own.changes, ...before.changes]);
      const missing = Array.from({ length: newest }, (_, at) => at + 1).filter((number) => !changes.has(number));
      assert.deepEqual(missing, [], `${what}: ${sender}`);
      assert.equal(new Set(own.changes).size, own.changes.length, `${what}: twice`);
      if (before.total.length === 0) assert.ok(isAscending(own.total) && isAscending(own.changes), `${what}: not in their order`);
    }
    if (cut >= cuts - starts) {
      const again = await startReceiver(t);
      const restarted = await startFrom(t, yamlOf(copy, again.origin));
      await until('all is sent', () => again.requests.length >= log.live.length);
      await restarted.shutdown();
      assert.deepEqual(inBodies(again.requests.map(({ body }) => body)), there);
      assert.doesNotMatch(restarted.log(), /BUG|cannot/);
    }
    rmSync(copy, { recursive: true });
  }
  t.diagnostic(
    `${sending.acknowledged.reduce((sum, one) => sum + one, 0)} requests, ${disk.now} moments, ${replaced()} segments deleted`,
  );
});
