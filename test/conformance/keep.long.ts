/**
 * `serve --keep` is killed again and again, at random moments under load from five senders, while Prometheus 2 and 3 scrape it
 * every second: each sample that either has lies between what was acknowledged and what was sent, and none is missing but while
 * the process was down, or loaded what was kept.
 */

import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSenders } from '../service/forwarding/senders.ts';
import { keptService } from '../service/keep/kept-service.ts';
import { checkSamples, type Down } from './keep-samples.ts';
import { requirePeer } from './peers.ts';
import { startPrometheus } from './prometheus.ts';

const kills = Number(process.env.METERBRIDGE_KEEP_KILLS ?? 200);
const mostUpMs = 2_000;
const mostDownMs = 500;
/** Of so many kills one comes behind a snapshot that was due. */
const snapshotEvery = 50;
const snapshotAfterMs = 30_000;

test(`${kills} kills, seen by two versions of Prometheus`, { skip: process.platform !== 'linux' }, async (t) => {
  const binaries = (['prometheus3', 'prometheus'] as const).map((peer) => requirePeer(t, peer));
  if (!binaries.every((binary) => binary !== undefined)) return;
  const service = await keptService(t);
  await service.start();
  const scraping = await Promise.all(binaries.map((binary) => startPrometheus(t, binary, service.page)));
  const sending = startSenders(() => service.host);
  t.after(sending.stop);
  const now = () => Date.now() / 1_000;
  const downs: Down[] = [];
  await sleep(mostUpMs);
  const first = Math.max(...(await Promise.all(scraping.map((prometheus) => prometheus.scraped()))));
  for (let kill = 1; kill <= kills; kill++) {
    await sleep((kill % snapshotEvery === 0 ? snapshotAfterMs : 0) + mostUpMs * Math.random());
    const from = now();
    await service.kill();
    await sleep(mostDownMs * Math.random());
    await service.start();
    const ready = now();
    await service.values();
    downs.push({ from, ready, to: now() });
  }
  await sending.stop();
  const end = now();
  await sleep(2 * mostUpMs);
  const requests = sending.acknowledged.reduce((sum, one) => sum + one, 0);
  const loadMs = Math.max(...downs.map(({ ready, to }) => 1_000 * (to - ready)));
  t.diagnostic(
    `${requests} requests acknowledged, ${kills} kills, at most ${Math.round(loadMs)} ms from readiness to the first page`,
  );
  for (const prometheus of scraping) {
    const { samples, failed, whileLoading } = await checkSamples(prometheus, sending.times, downs, first, end);
    t.diagnostic(`${samples} samples compared, ${failed} scrapes failed, ${whileLoading} of them while series were loaded`);
  }
});
