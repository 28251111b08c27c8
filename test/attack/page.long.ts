/**
 * Pages that would have hundreds of megabytes, of series that were taken before: the service shows the others within its time. At full size: 80 points of 127
 * attributes of 65 kB, and a thousand histograms of a thousand buckets from each of eight requests.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attacks } from './bodies.ts';
import { shownOn } from './page.ts';
import { startHonest } from './programs.ts';
import { startServed } from './served.ts';
import { slack } from './slack.ts';
import { residentOf } from './watch.ts';

const mib = 2 ** 20;
const maxPageBytes = 64 * mib;
/** A first page is written, measured, and written again. */
const [firstMs, scrapeMs] = [10_000 * slack, 1_000 * slack];
const honestSenders = 5;
const formats = ['text/plain', 'application/openmetrics-text;version=1.0.0'];

for (const name of ['long labels', 'many series', 'a thousand bounds a thousand times'] as const) {
  test(`${name}: the honest senders' series are shown`, { skip: process.platform !== 'linux', timeout: 300_000 }, async (t) => {
    const served = await startServed(t);
    for (const { body, headers = {} } of attacks[name].shots()) {
      await fetch(`http://${served.http}/v1/metrics`, { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> });
    }
    const honest = startHonest(t, served);
    const before = residentOf(served.child.pid ?? 0) ?? 0;
    for (let n = 0; n < 6; n++) {
      const from = performance.now();
      const accept = formats[n % 2] as string;
      const answer = await fetch(`http://${served.page}/metrics`, { headers: { accept, 'accept-encoding': n < 4 ? 'identity' : 'gzip' } });
      const page = Buffer.from(await answer.arrayBuffer());
      const ms = performance.now() - from;
      const resident = residentOf(served.child.pid ?? 0) ?? 0;
      t.diagnostic(
        `${answer.status}, ${(page.length / mib).toFixed(1)} MiB in ${ms.toFixed(0)} ms, resident ${(resident / mib).toFixed(0)} MiB`,
      );
      assert.equal(answer.status, 200);
      assert.ok(page.length <= maxPageBytes, `${page.length} bytes`);
      assert.ok(ms <= (n < 2 ? firstMs : scrapeMs), `${ms} ms`);
      assert.ok(resident - before <= 3 * maxPageBytes, `resident memory grew from ${before} to ${resident}`);
      if (n > 2) assert.equal(shownOn(page).size, honestSenders);
    }
    await honest.stop();
  });
}
