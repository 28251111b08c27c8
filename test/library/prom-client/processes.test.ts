/** The registries of several processes, added up by the one that is scraped. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { contract, meterbridge } from '../../../src/index.ts';
import { fromPromClient } from '../../../src/prom-client.ts';
import { pageOf } from './exposition.ts';
import { scrape } from './scrape.ts';

function app(amount: number): Registry {
  const register = new Registry();
  const registers = [register];
  new Counter({ name: 'cacheHits', help: 'Hits.', registers }).inc(amount);
  new Gauge({ name: 'open', help: 'Open.', labelNames: ['room__no'], registers }).set({ room__no: '1' }, amount);
  for (const aggregator of ['max', 'average', 'first', 'omit'] as const)
    new Gauge({ name: `by_${aggregator}`, help: aggregator, registers, aggregator }).set(amount);
  const waits = new Histogram({ name: 'waits', help: 'Waits.', labelNames: ['to'], buckets: [1, 10], registers });
  // One has no series yet, and so no bounds.
  if (amount > 1) waits.observe({ to: 'db' }, amount);
  new Summary({ name: 'sizes', help: 'Sizes.', percentiles: [0.5], registers }).observe(amount);
  return register;
}

test("series of several processes' registries add up, quantiles are left out", {
  skip: process.platform === 'win32',
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'mb-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const log: string[] = [];
  const bridges = [1, 5, 20].map((amount) => {
    const options = { isolated: true, env: {}, processes: directory, log: (line: string) => void log.push(line) };
    const bridge = meterbridge(contract('app', {}), options);
    fromPromClient(bridge, app(amount));
    t.after(bridge.close);
    return bridge;
  });
  for (const bridge of bridges) await scrape(bridge);
  for (const bridge of bridges) {
    assert.deepEqual(pageOf(await scrape(bridge)), {
      by_average: ['# HELP by_average average', '# TYPE by_average gauge', `by_average{} ${26 / 3}`],
      by_first: ['# HELP by_first first', '# TYPE by_first gauge', 'by_first{} 1'],
      by_max: ['# HELP by_max max', '# TYPE by_max gauge', 'by_max{} 20'],
      cacheHits: ['# HELP cacheHits Hits.', '# TYPE cacheHits counter', 'cacheHits{} 26'],
      open: ['# HELP open Open.', '# TYPE open gauge', 'open{room__no="1"} 26'],
      sizes: ['# HELP sizes Sizes.', '# TYPE sizes summary', 'sizes_count{} 3', 'sizes_sum{} 26', 'sizes{quantile="0.5"} NaN'],
      waits: [
        '# HELP waits Waits.',
        '# TYPE waits histogram',
        'waits_bucket{le="+Inf",to="db"} 2',
        'waits_bucket{le="1",to="db"} 0',
        'waits_bucket{le="10",to="db"} 1',
        'waits_count{to="db"} 2',
        'waits_sum{to="db"} 25',
      ],
    });
  }
  // On a busy machine one is late, and what it wrote before its response is shown.
  assert.deepEqual(
    log.filter((line) => !line.includes('within 500 ms')),
    [],
  );
});
