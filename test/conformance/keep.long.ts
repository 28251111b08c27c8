/**
 * `serve --keep` is killed again and again, at random moments under load from five senders, while Prometheus 2 and 3 scrape it every second: no counter is reset,
 * no series is missing in a scrape that succeeds, and sums are what the senders were told.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { senders, startSenders } from '../collector/forwarding/senders.ts';
import { keptService } from '../collector/keep/kept-service.ts';
import { requirePeer } from './peers.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

const kills = Number(process.env.METERBRIDGE_KEEP_KILLS ?? 200);
const mostUpMs = 2_000;
const mostDownMs = 500;
/** Each grows by as much with every request. */
const counters = ['total', 'delta_total', 'duration_count', 'duration_sum', 'duration_bucket{le="1.0"}'];
/** Seconds that a scrape may be older, or a listener later, than the process. */
const slackS = 1.5;

interface Down {
  readonly from: number;
  readonly to: number;
}

const selectorOf = (counter: string, sender: number) => {
  const [name, labels = ''] = counter.replace('}', '').split('{');
  return `${name}{exported_instance="${sender}"${labels === '' ? '' : `,${labels}`}}`;
};

async function check(prometheus: Prometheus, downs: readonly Down[], first: number): Promise<number> {
  const up = await prometheus.samples('up');
  const isDown = (time: number) => downs.some(({ from, to }) => time >= from - slackS && time <= to + slackS);
  for (const [time, value] of up) if (value === 0) assert.ok(isDown(time), `not up at ${time}, while it runs: ${JSON.stringify(downs)}`);
  const succeeded = up.filter(([time, value]) => value === 1 && time > first).map(([time]) => time);
  let values = 0;
  for (let sender = 0; sender < senders; sender++) {
    for (const counter of counters) {
      const selector = selectorOf(counter, sender);
      const [resets] = await prometheus.query(`resets(${selector}[1h])`);
      assert.equal(resets?.value, '0', selector);
      const samples = await prometheus.samples(selector);
      const times = new Set(samples.map(([time]) => time));
      assert.deepEqual(
        succeeded.filter((time) => !times.has(time)),
        [],
        `${selector} is missing in scrapes that succeeded`,
      );
      for (const [at, [, value]] of samples.entries())
        assert.ok(value >= (samples[at - 1]?.[1] ?? 0), `${selector} falls: ${JSON.stringify(samples)}`);
      values += samples.length;
    }
  }
  return values;
}

for (const peer of ['prometheus3', 'prometheus'] as const) {
  test(`${kills} kills, seen by ${peer}`, { skip: process.platform !== 'linux' }, async (t) => {
    const binary = requirePeer(t, peer);
    if (binary === undefined) return;
    const service = await keptService(t);
    await service.start();
    const prometheus = await startPrometheus(t, binary, service.page);
    const sending = startSenders(() => service.host);
    t.after(sending.stop);
    const downs: Down[] = [];
    await sleep(mostUpMs);
    const first = await prometheus.scraped();
    for (let kill = 0; kill < kills; kill++) {
      await sleep(mostUpMs * Math.random());
      const from = Date.now() / 1_000;
      await service.kill();
      await sleep(mostDownMs * Math.random());
      await service.start();
      await service.values();
      downs.push({ from, to: Date.now() / 1_000 });
    }
    await sending.stop();
    const shown = await service.values();
    await sleep(2 * mostUpMs);
    const values = await check(prometheus, downs, first);
    for (let sender = 0; sender < senders; sender++) {
      const told = sending.acknowledged[sender] as number;
      for (const counter of counters) {
        const [last] = await prometheus.query(selectorOf(counter, sender));
        // The last request may have been answered to nobody.
        assert.ok([told, told + 1].includes(Number(last?.value ?? Number.NaN)), `${counter} of ${sender}: ${last?.value}, told ${told}`);
      }
    }
    assert.ok(shown.size > 0);
    await prometheus.stop();
    t.diagnostic(
      `${sending.acknowledged.reduce((sum, one) => sum + one, 0)} requests acknowledged, ${values} samples of counters compared, ${downs.length} kills`,
    );
  });
}
