/** While series are loaded, batches are taken, and a scrape waits or gets 503. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import type { RequestFacts } from '../../../src/net/http/exchange.ts';
import type { PrometheusSettings } from '../../../src/service/exporters/prometheus/config.ts';
import { createKeeping } from '../../../src/service/exporters/prometheus/keeping.ts';
import { createHeldBatches } from '../../../src/service/keep/held-batches.ts';
import type { KeepingContext, KeepLogs } from '../../../src/service/keep/open-keep.ts';
import { requestAt, writeBatchHead } from '../../../src/service/keep/records.ts';
import type { RecordLog, StoredRecord } from '../../../src/service/storage/log/record-log.ts';
import { createRig } from '../received/rig.ts';
import { requestOf } from '../received/sender.ts';

const batchOf = (value: number) =>
  readBatch(
    requestOf({
      metrics: [
        { name: 'd', type: 'sum', temporality: 1, monotonic: true, points: [{ start: value, time: value + 1, double: 1 }] },
      ],
    }),
  );

/** A log in memory, of which nothing is read until `open`. */
function slowLog(payloads: readonly Uint8Array[]): {
  readonly log: RecordLog;
  readonly found: readonly StoredRecord[];
  open(): void;
} {
  const written = [...payloads];
  const opened = Promise.withResolvers<void>();
  const stored = (at: number): StoredRecord => ({ number: at + 1, length: (written[at] as Uint8Array).length, points: 1 });
  let first = true;
  const log = {
    bytes: 0,
    async append(payload: Uint8Array) {
      written.push(payload.slice());
      return stored(written.length - 1);
    },
    appendNow: () => undefined,
    async read({ number }: StoredRecord) {
      // What it begins with is read at the start.
      if (!first) await opened.promise;
      if (number === payloads.length) first = false;
      return written[number - 1] as Uint8Array;
    },
    forgetBefore() {},
    async close() {},
  } as unknown as RecordLog;
  return { log, found: payloads.map((_, at) => stored(at)), open: opened.resolve };
}

test('a scrape waits for its timeout and gets 503, and a batch is taken', async () => {
  const held = createHeldBatches();
  const kept = [1, 2].map((number) => {
    const { payload } = held.hold(batchOf(number), requestAt);
    writeBatchHead(payload, { at: 1, machine: 0, day: 0, boot: 0 }, number);
    return payload;
  });
  const taken = slowLog(kept);
  const snapshots = slowLog([]);
  const logs: KeepLogs = { taken, snapshots, where: 'here', free: async () => 0, close: async () => {} };
  const rig = createRig();
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const context = { log, refusal() {}, fail: (error: Error) => lines.push(String(error)) } as unknown as KeepingContext;
  const settings = { metric_expiration: 300_000, const_labels: new Map() } as unknown as PrometheusSettings;
  const keeping = createKeeping(async () => logs, settings, context);
  await keeping.start(rig.received);
  const scrape = keeping.whenLoaded(() => ({ status: 200, headers: {}, body: new Uint8Array(0) }));
  const ask = async (seconds: string) => (await scrape({ header: () => seconds } as unknown as RequestFacts)).status;
  assert.equal(await ask('0.6'), 503);
  assert.equal(await keeping.take(batchOf(3)), undefined);
  const waiting = ask('100');
  assert.deepEqual(rig.shown(), {});
  taken.open();
  assert.equal(await waiting, 200);
  assert.deepEqual(rig.shown(), { 'd{}': 3 });
  assert.deepEqual(lines.length, 1, lines.join('\n'));
  await keeping.take(batchOf(4));
  assert.deepEqual(rig.shown(), { 'd{}': 4 });
  await keeping.close();
});
