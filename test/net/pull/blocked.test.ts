import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import test from 'node:test';

const shownBy = (page: string, series: string): number | undefined => {
  const line = page.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

test('a host that is blocked is scraped, and ends when it has closed its bridge', { timeout: 120_000 }, async (t) => {
  const host = spawn(process.execPath, [join(import.meta.dirname, 'blocked-host.ts')], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  const [stdin, stdout, , release] = host.stdio as unknown as [Writable, Readable, null, Writable];
  t.after(() => host.kill());
  const exited = once(host, 'exit');
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const url = (await lines.next()).value as string;
  const scrape = async () => (await fetch(url)).text();
  /**
   * On a busy machine the host may not be heard in time, though it is not blocked: then its values have an age, or there are none
   * yet.
   */
  const scrapeHeard = async () => {
    for (;;) {
      const page = await scrape();
      if (shownBy(page, 'meterbridge_listener_values_age_seconds') === 0) return page;
    }
  };

  const before = await scrapeHeard();
  assert.equal(shownBy(before, 'demo_runs_total'), 3);
  assert.equal(shownBy(before, 'demo_memory_used_bytes'), 42);

  stdin.write('block\n');
  assert.equal((await lines.next()).value, 'blocked');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const during = await scrape();
  assert.equal(shownBy(during, 'demo_runs_total'), 3);
  assert.equal(shownBy(during, 'demo_memory_used_bytes'), 42, 'the last value');
  assert.ok((shownBy(during, 'meterbridge_listener_values_age_seconds') ?? 0) > 0.05);

  release.end('.');
  assert.equal((await lines.next()).value, 'free');
  await scrapeHeard();
  const after = await scrapeHeard();
  assert.ok((shownBy(after, 'meterbridge_scrapes_total{outcome="success"}') ?? 0) >= 3, 'the host counts them');

  stdin.end('close\n');
  assert.equal((await lines.next()).value, 'closed');
  const [code] = await exited;
  assert.equal(code, 0);
});
