import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';

const blockMs = 2_000;

const shownBy = (page: string, series: string): number | undefined => {
  const line = page.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

test('a host that is blocked is scraped, and ends when it has closed its bridge', { timeout: 30_000 }, async (t) => {
  const host = spawn(process.execPath, [join(import.meta.dirname, 'blocked-host.ts'), `${blockMs}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => host.kill());
  const lines = createInterface(host.stdout)[Symbol.asyncIterator]();
  const url = (await lines.next()).value as string;
  const scrape = async () => (await fetch(url)).text();

  const before = await scrape();
  assert.equal(shownBy(before, 'demo_runs_total'), 3);
  assert.equal(shownBy(before, 'demo_memory_used_bytes'), 42);
  assert.equal(shownBy(before, 'meterbridge_listener_values_age_seconds'), 0);

  host.stdin.write('block\n');
  assert.equal((await lines.next()).value, 'blocked');
  const free = lines.next();
  let isFree = false;
  void free.then(() => {
    isFree = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const during = await scrape();
  assert.ok(!isFree, 'answered while the host was blocked');
  assert.equal(shownBy(during, 'demo_runs_total'), 3);
  assert.equal(shownBy(during, 'demo_memory_used_bytes'), 42, 'the last value');
  assert.ok((shownBy(during, 'meterbridge_listener_values_age_seconds') ?? 0) > 0.05);

  assert.equal((await free).value, 'free');
  await scrape();
  const after = await scrape();
  assert.equal(shownBy(after, 'meterbridge_listener_values_age_seconds'), 0);
  assert.ok((shownBy(after, 'meterbridge_scrapes_total{outcome="success"}') ?? 0) >= 3, 'the host counts them');

  host.stdin.end('close\n');
  assert.equal((await lines.next()).value, 'closed');
  const [code] = await once(host, 'exit');
  assert.equal(code, 0);
});
