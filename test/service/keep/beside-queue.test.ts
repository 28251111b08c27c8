/**
 * Series that are kept, and a queue on disk, in one service and one directory: it is killed and reloaded under load, and neither
 * loses what was acknowledged.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { startReceiver } from '../exporters/otlp-http/receiver.ts';
import { arrivedIn, missing } from '../forwarding/record.ts';
import { senders, startSenders } from '../forwarding/senders.ts';
import { keptService } from './kept-service.ts';
import { newestIn } from './newest-in.ts';

const rounds = 3;
const upMs = 300;
/** Exporters of which one says something else are replaced by a reload. */
const changed = [
  { prometheus: { metric_expiration: '6m' } },
  { otlp_http: { timeout: '7s' } },
  { prometheus: { metric_expiration: '7m' }, otlp_http: { timeout: '8s' } },
];

test('kills and reloads: nothing that is shown goes back, and all that was acknowledged is shown and sent', {
  skip: process.platform === 'win32',
}, async (t) => {
  const receiver = await startReceiver(t);
  const taken: Uint8Array[] = [];
  let asked = 0;
  receiver.answer = ({ body }) => {
    if (++asked % 5 === 0) return { status: 503 };
    taken.push(body);
    return { status: 200 };
  };
  const otlp_http = {
    endpoint: receiver.origin,
    compression: 'none',
    sending_queue: { num_consumers: 1, queue_size: 100_000, storage: 'file_storage' },
    retry_on_failure: { initial_interval: '2ms', max_interval: '2ms' },
  };
  const service = await keptService(t, {
    exporters: { otlp_http },
    extensions: (directory) => ({ file_storage: { directory, create_directory: true } }),
  });
  await service.start();
  const sending = startSenders(() => service.host);
  t.after(sending.stop);
  let shown: readonly number[] = sending.acknowledged.map(() => 0);

  /** Behind what was shown before, and what was acknowledged before it was asked. */
  async function look(): Promise<void> {
    const least = sending.acknowledged.map((told, sender) => Math.max(told, shown[sender] as number));
    shown = newestIn(await service.values());
    for (const [sender, one] of least.entries()) assert.ok((shown[sender] as number) >= one, `${shown} behind ${least}`);
  }

  for (let round = 0; round < rounds; round++) {
    await sleep(upMs * Math.random());
    await look();
    const before = Math.max(...sending.acknowledged);
    let isReloaded = false;
    const reloaded = service.reload(changed[round] as object as Readonly<Record<string, object>>).finally(() => {
      isReloaded = true;
    });
    while (!isReloaded) await look();
    await reloaded;
    await until('senders go on', () => Math.min(...sending.acknowledged) > before);
    await look();
    await service.kill();
    await service.start();
    await look();
  }
  await sending.stop();
  await look();
  for (const [sender, newest] of sending.acknowledged.entries())
    assert.ok([newest, newest + 1].includes(shown[sender] as number), `${shown}: ${newest}`);
  assert.equal(shown.length, senders);
  await until('sent', () => missing(arrivedIn(taken), sending.acknowledged).length === 0);
  await service.stop();
  assert.doesNotMatch(service.log(), /which no component uses|damaged|cannot|BUG/);
});
