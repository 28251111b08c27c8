/**
 * Pages that would have hundreds of megabytes, of series that were taken before: the service shows the others, and no turn of its
 * event loop takes long. At full size: 80 points of 127 attributes of 65 kB, and a thousand histograms of a thousand buckets from
 * each of eight requests.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../until.ts';
import { mostTurnOf } from './beside.ts';
import { attacks } from './bodies.ts';
import { shownOn } from './page.ts';
import { startHonest } from './programs.ts';
import { startServed } from './served.ts';
import { reportedMs } from './turn-meter.ts';
import { longest } from './verdict.ts';
import { now, residentOf } from './watch.ts';

const mib = 2 ** 20;
const maxPageBytes = 64 * mib;
const honestSenders = 5;
const formats = ['text/plain', 'application/openmetrics-text;version=1.0.0'];

for (const name of ['long labels', 'many series', 'a thousand bounds a thousand times'] as const) {
  test(`${name}: the honest senders' series are shown`, { skip: process.platform !== 'linux', timeout: 300_000 }, async (t) => {
    const served = await startServed(t);
    // Code that runs for the first time is no measure.
    await fetch(`http://${served.page}/metrics`);
    await sleep(reportedMs);
    const began = now();
    for (const { body, headers = {} } of attacks[name].shots()) {
      await fetch(`http://${served.http}/v1/metrics`, { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> });
    }
    const honest = startHonest(t, served);
    await until('acknowledged', () => honest.acknowledged.size === honestSenders);
    const before = residentOf(served.child.pid ?? 0) ?? 0;
    for (let n = 0; n < 6; n++) {
      const from = performance.now();
      const accept = formats[n % 2] as string;
      const answer = await fetch(`http://${served.page}/metrics`, {
        headers: { accept, 'accept-encoding': n < 4 ? 'identity' : 'gzip' },
      });
      const page = Buffer.from(await answer.arrayBuffer());
      const ms = performance.now() - from;
      const resident = residentOf(served.child.pid ?? 0) ?? 0;
      t.diagnostic(
        `${answer.status}, ${(page.length / mib).toFixed(1)} MiB in ${ms.toFixed(0)} ms, resident ${(resident / mib).toFixed(0)} MiB`,
      );
      assert.equal(answer.status, 200);
      assert.ok(page.length <= maxPageBytes, `${page.length} bytes`);
      assert.ok(resident - before <= 3 * maxPageBytes, `resident memory grew from ${before} to ${resident}`);
      if (n > 2) assert.equal(shownOn(page).size, honestSenders);
    }
    await honest.stop();
    await sleep(reportedMs);
    const turns = served.turns().filter(({ at }) => at >= began);
    t.diagnostic(
      `longest turn ${longest(turns, 'work').toFixed(0)} ms of CPU, and ${longest(turns, 'garbage').toFixed(0)} of the garbage collector`,
    );
    assert.ok(longest(turns, 'work') <= mostTurnOf([name]), `a turn of the event loop takes ${longest(turns, 'work')} ms of CPU`);
  });
}
