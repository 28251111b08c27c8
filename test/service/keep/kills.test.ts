/** `serve --keep` is killed under load: what a page showed, or a sender was told is safe, is there again, and sums are exact. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeated } from '../../full.ts';
import { senders, startSenders } from '../forwarding/senders.ts';
import { keptService } from './kept-service.ts';
import { newestIn } from './newest-in.ts';

const kills = repeated(4, 10, 30);
const upMs = 400;

test(`${kills} kills, and an end in order`, { skip: process.platform === 'win32' }, async (t) => {
  const service = await keptService(t);
  await service.start();
  const sending = startSenders(() => service.host);
  t.after(sending.stop);
  let shown: readonly number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    await sleep(upMs * Math.random());
    shown = newestIn(await service.values());
    const told = [...sending.acknowledged];
    await (kill === 1 ? service.stop() : service.kill());
    await service.start();
    const again = newestIn(await service.values());
    for (let sender = 0; sender < senders; sender++)
      assert.ok(
        (again[sender] as number) >= Math.max(told[sender] as number, shown[sender] as number),
        `${again} behind ${shown} and ${told}`,
      );
  }
  await sending.stop();
  const last = newestIn(await service.values());
  for (const [sender, newest] of sending.acknowledged.entries())
    assert.ok([newest, newest + 1].includes(last[sender] as number), `${last}: ${newest}`);
  assert.ok(Math.min(...last) > 0);
});
