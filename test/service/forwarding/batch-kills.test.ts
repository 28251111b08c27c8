/**
 * `batch` in front of a queue on disk and of `--keep`, with kills: 200 means that what was sent is on disk, and not in memory.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { bodyOf } from '../../conformance/child.ts';
import { type Service, startService } from '../../conformance/service.ts';
import { folderFor } from '../../folder-for.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { arrivedIn, missing } from './record.ts';
import { senders, startSenders } from './senders.ts';

const kills = 6;
const timeoutMs = 1_000;

test(`${kills} kills behind a processor batch, beside an exporter in memory: none is lost, and requests are put together`, {
  skip: process.platform === 'win32',
}, async (t) => {
  const directory = folderFor(t)('');
  const receiver = await startReceiver(t);
  const taken: Uint8Array[] = [];
  receiver.answer = ({ body }) => {
    taken.push(gunzipSync(body));
    return { status: 200 };
  };
  const exporters = {
    otlp_http: { endpoint: receiver.origin, sending_queue: { storage: 'file_storage', queue_size: 100_000, num_consumers: 1 } },
    prometheus: { endpoint: '127.0.0.1:0' },
    debug: {},
  };
  const batch = { timeout: `${timeoutMs}ms`, send_batch_size: 100_000 };
  const start = () => startService(t, exporters, { file_storage: { directory } }, ['--keep', directory], { batch });
  let service: Service = await start();
  const load = startSenders(() => new URL(service.endpoint).host);
  t.after(load.stop);
  for (let kill = 0; kill < kills; kill++) {
    const before = [...load.acknowledged];
    await until('senders go on', () => load.acknowledged.every((newest, sender) => newest > (before[sender] as number)));
    await sleep(0.5 * timeoutMs * Math.random());
    await service.kill();
    service = await start();
  }
  await load.stop();
  await until('arrived', () => missing(arrivedIn(taken), load.acknowledged).length === 0);
  const shown = newestOf((await bodyOf(service.page)) ?? '');
  for (const [sender, newest] of load.acknowledged.entries())
    assert.ok((shown[sender] as number) >= newest, `${sender} shows ${shown[sender]}, and was told that ${newest} is safe`);
  const requests = load.acknowledged.reduce((sum, newest) => sum + newest);
  assert.ok(Math.min(...load.acknowledged) >= kills, String(load.acknowledged));
  // One by one they would be as many, and what a kill interrupts more. How many are put together is the machine's.
  assert.ok(taken.length < requests, `${requests} requests left as ${taken.length}`);
});

/** By sender, what the page shows of its `total`. */
function newestOf(page: string): readonly number[] {
  const samples = [...page.matchAll(/^total\{.*instance="(\d)".*\} (\d+)/gm)];
  return Array.from({ length: senders }, (_, sender) => Number(samples.find(([, id]) => id === String(sender))?.[2] ?? 0));
}
